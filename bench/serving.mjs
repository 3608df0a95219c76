// Requests per second for one thumbnail, ours against nginx's, in turns on one machine; each ratio is the median of all turns with its spread.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeSet } from './photos.mjs';

const [root, turnsGiven] = process.argv.slice(2);
const turns = Number(turnsGiven);
const seconds = 3;
const connections = 16;
const work = join(root, 'artifacts/bench/serving');
const password = 'correct horse battery';
const children = [];
const failures = [];

const photographs = (images) => makeSet('jpeg12', images, join(root, 'artifacts/bench'), process.env.VITRINE_CORPUS).pictures;

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

const vitrine = (args, options = {}) =>
  execFileSync(join(root, 'vitrine'), args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...options });

function start(command, args, environment = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

async function until(what, look) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = await look().catch(() => null);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come within a minute`);
}

async function serve(data, environment) {
  const base = `http://127.0.0.1:${await freePort()}`;
  start(join(root, 'vitrine'), ['serve', '--data', data, '--urls', base], environment);
  await until(`the server at ${base}`, async () => (await fetch(`${base}/health/ready`)).ok);
  const signedIn = await fetch(`${base}/api/v1/session`, {
    method: 'POST', headers: { 'X-Vitrine': '1', 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'ada', password }),
  });
  if (!signedIn.ok) throw new Error(`sign-in answered ${signedIn.status}`);
  const cookie = signedIn.headers.get('set-cookie').split(';')[0];
  const ask = async (path, more = {}) => {
    const answer = await fetch(base + path, { ...more, headers: { Cookie: cookie, 'X-Vitrine': '1', ...more.headers } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return { base, cookie, ask };
}

const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((name) => statSync(name).isFile());

async function nginx(folder) {
  const port = await freePort();
  const prefix = join(work, 'nginx');
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, 'nginx.conf'), `
    user root; daemon off; worker_processes 2; pid ${prefix}/pid; error_log ${prefix}/error.log;
    events { worker_connections 256; }
    http { access_log off; sendfile on; tcp_nopush on; etag on; types { image/webp webp; }
      client_body_temp_path ${prefix}; proxy_temp_path ${prefix}; fastcgi_temp_path ${prefix}; uwsgi_temp_path ${prefix}; scgi_temp_path ${prefix};
      server { listen 127.0.0.1:${port}; root ${folder}; } }`);
  start('nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf')]);
  return `http://127.0.0.1:${port}`;
}

// wrk's own count; answers that are not those asked for end the run.
function load(url, headers, status) {
  const script = join(work, 'wrk.lua');
  writeFileSync(script, `
    local other = 0
    function setup(thread) thread:set("wrong", 0); threads = threads or {}; table.insert(threads, thread) end
    function response(status) if status ~= ${status} then wrong = wrong + 1 end end
    function done(summary, latency) local sum = 0
      for _, thread in ipairs(threads) do sum = sum + thread:get("wrong") end
      io.write(string.format("RESULT %f %f %d\\n", summary.requests / summary.duration * 1e6, latency:percentile(99), sum + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout)) end`);
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const said = execFileSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, ...given, url], { encoding: 'utf8' });
  const [, rate, p99, wrong] = said.match(/RESULT (\S+) (\S+) (\S+)/);
  if (Number(wrong) > 0) throw new Error(`${wrong} answers of ${url} were not ${status}`);
  return { rate: Number(rate), p99: Number(p99) };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function judge(name, ratios, goal, most = false) {
  const middle = median(ratios);
  const met = most ? middle <= goal : middle >= goal;
  if (!met) failures.push(name);
  console.log(`${name.padEnd(34)} median ${middle.toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}); ${most ? 'at most' : 'at least'} ${goal}: ${met ? 'met' : 'NOT met'}`);
}

function compare(name, ours, theirs, goal) {
  const ratios = [];
  // Not counted: until then the runtime compiles what it runs most, which a server does once in its life.
  for (let warmUp = 0; warmUp < 3; warmUp++) ours();
  for (let turn = 0; turn < turns; turn++) {
    // Who is first changes with each turn.
    const [first, second] = turn % 2 ? [ours, theirs] : [theirs, ours];
    const one = first().rate;
    const two = second().rate;
    const [our, their] = turn % 2 ? [one, two] : [two, one];
    console.log(`${name.padEnd(34)} ${our.toFixed(0).padStart(7)}/s  nginx ${their.toFixed(0).padStart(7)}/s  ${(our / their).toFixed(3)}`);
    ratios.push(our / their);
  }
  judge(name, ratios, goal);
}

async function duringImport(ours, theirs, fromMemory) {
  // While wrk ran nothing was heard here: a connection that the server has closed as idle has to be noticed before it is written to.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await fromMemory.ask('/api/v1/libraries', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ root: photographs(200), presets: ['thumbnail', 'medium', 'display', 'full'] }),
  });
  const running = async () => (await (await fromMemory.ask('/api/v1/cache/processing-jobs?status=Running')).json()).items.length > 0;
  await until('the import', running);
  const ratios = [];
  while (ratios.length < turns) {
    const [our, their] = [ours().p99, theirs().p99];
    if (!await running()) break;
    console.log(`${'p99 of 304s during an import'.padEnd(34)} ${our.toFixed(0).padStart(7)} us nginx ${their.toFixed(0).padStart(7)} us ${(our / their).toFixed(2)}`);
    ratios.push(our / their);
  }
  if (ratios.length < 3) throw new Error('the import was over before three turns: give it more pictures');
  judge('p99 of 304s during an import', ratios, 4, true);
}

process.once('exit', () => { for (const child of children) child.kill('SIGTERM'); });
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
try {
  const data = join(work, 'data');
  vitrine(['import', photographs(8), '--data', data, '--presets', 'thumbnail', '--json'], { env: { ...process.env, VITRINE__Engine__SettleSeconds: '0' } });
  vitrine(['user', 'add', 'ada', '--data', data], { input: `${password}\n` });
  cpSync(data, join(work, 'data-disk'), { recursive: true });

  const memory = await serve(data, { VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '1' });
  const disk = await serve(join(work, 'data-disk'), { VITRINE__Engine__Enabled: 'false', VITRINE__Server__HotThumbnailsMiB: '0' });
  const collection = (await (await memory.ask('/api/v1/collections')).json()).items[0];
  const path = collection.cover.urls.thumbnail;
  const hash = path.split('v=')[1];
  const size = (await (await memory.ask(path)).arrayBuffer()).byteLength;
  const file = files(data).find((name) => name.endsWith('.webp') && statSync(name).size === size);
  const peer = await nginx(data);
  const peerUrl = peer + file.slice(data.length);
  const peerTag = await until('nginx', async () => (await fetch(peerUrl)).headers.get('etag'));
  console.log(`one thumbnail of ${size} bytes, ${turns} turns of ${seconds} s, ${connections} connections`);

  const theirs = () => load(peerUrl, {}, 200);
  compare('from disk', () => load(disk.base + path, { Cookie: disk.cookie }, 200), theirs, 0.75);
  compare('from memory', () => load(memory.base + path, { Cookie: memory.cookie }, 200), theirs, 1.0);
  const our304 = () => load(memory.base + path, { Cookie: memory.cookie, 'If-None-Match': `"${hash}"` }, 304);
  const their304 = () => load(peerUrl, { 'If-None-Match': peerTag }, 304);
  // The requirement is our 304 against nginx's answer with the file, as PERFORMANCE.md measured it.
  compare('304', our304, theirs, 1.2);
  await duringImport(our304, their304, memory);
} finally {
  for (const child of children) child.kill('SIGTERM');
}
process.exitCode = failures.length > 0 ? 1 : 0;
