// Lets the scanner wapiti loose on the built server, signed in as an Admin, over the page and every GET of docs/openapi.json. Each finding above
// informational fails, unless docs/scanner-answers.md answers it with a reason.
//   node tests/wapiti.mjs FOLDER    leaves wapiti.json (the scanner's report) and scanner.json (for tests/summary.mjs) there
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const results = resolve(process.argv[2] ?? join(root, 'artifacts/test'));
const program = join(root, 'artifacts/program/vitrine');
const informational = 0;
const maxSeconds = 1200;
const aPassword = 'correct horse battery';
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

// Left out: what needs a list from the network (nikto, wapp, buster), a server of the scanner's makers (ssrf), or guesses passwords (brute_login_form).
const modules = 'backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss,xxe';

// The stream does not end, and nothing links to it. (The option that leaves an address out fails in wapiti 3.0.4.)
const notScanned = ['/api/v1/cache/processing-jobs/stream'];

function conclude(outcomes) {
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'scanner.json'), JSON.stringify(outcomes));
  for (const { name, state, why } of outcomes) console.log(`${state}  ${name}${why ? `: ${why}` : ''}`);
  process.exitCode = outcomes.some(({ state }) => state === 'failed') ? 1 : 0;
}

function serve(folder) {
  mkdirSync(join(folder, 'library/a'), { recursive: true });
  for (const name of ['one.png', 'two.png']) writeFileSync(join(folder, 'library/a', name), Buffer.from(picture, 'base64'));
  const server = spawn(program, ['serve', '--data', join(folder, 'data'), '--urls', 'http://127.0.0.1:0', '--library', join(folder, 'library')], { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = new Promise((found, failed) => {
    let said = '';
    server.stdout.on('data', (text) => {
      said += text;
      const address = said.match(/Vitrine is at (http:\S+)/)?.[1];
      if (address) found(address.replace(/\/$/, ''));
    });
    server.on('exit', (code) => failed(new Error(`The server ended with ${code}: ${said}`)));
  });
  return { server, url };
}

async function signIn(url, data) {
  execFileSync(program, ['user', 'add', 'ada', '--data', data], { input: `${aPassword}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Vitrine': '1' },
    body: JSON.stringify({ name: 'ada', password: aPassword }),
  });
  if (!answer.ok) throw new Error(`Signing in was answered ${answer.status}.`);
  return answer.headers.get('set-cookie').split(';')[0];
}

function addresses(url) {
  const { paths } = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8'));
  return Object.entries(paths)
    .filter(([path, { get }]) => get && !notScanned.includes(path))
    .map(([path, { get }]) => {
      const filled = path.replaceAll('{preset}', 'thumbnail').replaceAll(/\{\w+\}/g, '1');
      const query = (get.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => `${name}=1`);
      return `${url}${filled}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    });
}

function scan(url, cookie, folder) {
  const report = join(folder, 'wapiti.json');
  const starts = addresses(url).flatMap((address) => ['-s', address]);
  execFileSync(
    'wapiti',
    ['-u', `${url}/`, '--scope', 'domain', ...starts, '-H', `Cookie: ${cookie}`, '-m', modules, '-d', '2', '-t', '20', '-v', '1', '-f', 'json', '-o', report,
      '--flush-session', '--store-session', join(folder, 'session'), '--store-config', join(folder, 'config'), '--max-scan-time', String(maxSeconds), '--no-bugreport'],
    { stdio: ['ignore', 'inherit', 'inherit'], timeout: (maxSeconds + 600) * 1000 },
  );
  copyFileSync(report, join(results, 'wapiti.json'));
  return { report: JSON.parse(readFileSync(report, 'utf8')), scanned: starts.length / 2 };
}

// Rows of the table: category, finding, reason.
const answers = () =>
  [...readFileSync(join(root, 'docs/scanner-answers.md'), 'utf8').matchAll(/^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm)].map(([, category, info]) => ({ category, info }));

function judge({ report, scanned }) {
  const answered = answers();
  const findings = [report.vulnerabilities, report.anomalies].flatMap((kinds) => Object.entries(kinds).flatMap(([category, found]) => found.map((one) => ({ category, ...one }))));
  const open = findings.filter(({ category, level, info }) => level > informational && !answered.some((answer) => answer.category === category && answer.info === info));
  const outcomes = open.map(({ category, method, path, info }) => ({ name: `wapiti: ${category}, ${method} ${path}`, state: 'failed', why: info }));
  const summary = `wapiti ${report.infos.version}: ${scanned} addresses to start at, ${findings.length} findings, ${findings.length - open.length} answered or informational, ${open.length} open`;
  return [...outcomes, { name: summary, state: open.length > 0 ? 'failed' : 'passed', why: '' }];
}

async function run() {
  mkdirSync(results, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-scan-'));
  const { server, url } = serve(folder);
  try {
    const address = await url;
    return judge(scan(address, await signIn(address, join(folder, 'data')), folder));
  } finally {
    const ended = new Promise((end) => server.once('exit', end));
    server.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  execFileSync('wapiti', ['--version'], { stdio: 'ignore' });
  conclude(await run());
} catch (error) {
  conclude([error.code === 'ENOENT' ? { name: 'wapiti', state: 'skipped', why: 'wapiti is not there (package wapiti)' } : { name: 'wapiti', state: 'failed', why: error.message }]);
}
