// What a scan of an unchanged library costs: processor time of the server and its decoders for one more scan, against that of find in the same turn.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { storedZip, tinyPng } from './bytes.mjs';
import { processorTime } from './processes.mjs';

const [root, folders, turns] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const perFolder = 100;
const findGoal = 4;
const archiveGoal = 1 / 50;

const name = (number) => `page ${String(number).padStart(3, '0')}.png`;

// The pictures of all folders are the same hundred, linked: what is measured is the scan.
function makeFolders(library) {
  if (existsSync(join(library, '.made'))) return;
  mkdirSync(join(library, 'f0'), { recursive: true });
  for (let number = 0; number < perFolder; number++) writeFileSync(join(library, 'f0', name(number)), tinyPng(number));
  for (let folder = 1; folder < folders; folder++) {
    mkdirSync(join(library, `f${folder}`), { recursive: true });
    for (let number = 0; number < perFolder; number++) linkSync(join(library, 'f0', name(number)), join(library, `f${folder}`, name(number)));
  }
  writeFileSync(join(library, '.made'), '');
}

function makeArchives(library) {
  if (existsSync(join(library, '.made'))) return;
  mkdirSync(library, { recursive: true });
  const entries = Array.from({ length: perFolder }, (_, number) => ({ name: name(number), bytes: tinyPng(number) }));
  const bytes = storedZip(entries);
  for (let folder = 0; folder < folders; folder++) writeFileSync(join(library, `book ${folder}.cbz`), bytes);
  writeFileSync(join(library, '.made'), '');
}

function timeOfFind(library) {
  const run = spawnSync('bash', ['-c', 'TIMEFORMAT="%3U %3S"; time find "$0" -printf "%s %T@\\n" >/dev/null', library], { encoding: 'utf8' });
  return 1000 * run.stderr.trim().split(' ').reduce((sum, value) => sum + Number(value), 0);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const spread = (values) => `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
const verdict = (met) => (met ? 'met' : 'NOT met');

async function measure(library, turn) {
  const data = join(root, 'artifacts/bench/scan-data');
  rmSync(data, { recursive: true, force: true });
  const environment = { ...process.env, VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '2' };
  const program = join(root, 'vitrine');
  const server = spawn(program, ['serve', '--data', data, '--urls', 'http://127.0.0.1:0'], { env: environment, stdio: 'ignore' });
  try {
    while (!existsSync(join(data, 'vitrine.sock'))) await wait(100);
    const scan = async () => {
      const before = processorTime(server.pid);
      const run = spawnSync(program, ['import', library, '--data', data, '--presets', 'thumbnail', '--json'], { env: environment, encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`the import ended with exit code ${run.status}: ${run.stderr} ${run.stdout}`);
      const said = JSON.parse(run.stdout);
      if (said.completed !== folders * perFolder) throw new Error(`${said.completed} images are there`);
      return processorTime(server.pid) - before;
    };
    const first = await scan();
    await scan(); // Both sides from warm code and a warm disk.
    const again = [];
    for (let i = 0; i < turns; i++) again.push(await turn(scan));
    return { first, again };
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('close', resolve));
    rmSync(data, { recursive: true, force: true });
  }
}

const tree = join(root, `artifacts/bench/scan-${folders}`);
makeFolders(tree);
const asFolders = await measure(tree, async (scan) => ({ find: timeOfFind(tree), ours: await scan() }));
const ratios = asFolders.again.map(({ find, ours }) => ours / find);
console.log(`folders: first ${asFolders.first.toFixed(0)} ms; again ${median(asFolders.again.map((t) => t.ours)).toFixed(0)} ms, find ${median(asFolders.again.map((t) => t.find)).toFixed(0)} ms`);
console.log(`against find: ${median(ratios).toFixed(2)} (${spread(ratios)}); at most ${findGoal}: ${verdict(median(ratios) <= findGoal)}`);

const books = join(root, `artifacts/bench/scan-books-${folders}`);
makeArchives(books);
const asArchives = await measure(books, async (scan) => scan());
const share = asArchives.again.map((ours) => ours / asArchives.first);
console.log(`archives: first ${asArchives.first.toFixed(0)} ms; again ${median(asArchives.again).toFixed(0)} ms`);
console.log(`against the first scan: ${median(share).toFixed(4)} (${Math.min(...share).toFixed(4)} to ${Math.max(...share).toFixed(4)}); at most ${archiveGoal}: ${verdict(median(share) <= archiveGoal)}`);
process.exitCode = median(ratios) <= findGoal && median(share) <= archiveGoal ? 0 : 1;
