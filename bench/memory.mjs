// Peak memory of an import by the size of the library: proportional set size of the whole process tree, sampled, and the import's own figure.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tinyPng } from './bytes.mjs';
import { pss, tree } from './processes.mjs';

const [root, ...sizes] = process.argv.slice(2);
const imagesPerFolder = 200;
const sampleEvery = 250;
const ratioGoal = 1.1;
const serverGoal = 300e6;

function makeLibrary(count) {
  const library = join(root, `artifacts/bench/tiny-${count}`);
  if (existsSync(join(library, 'made'))) return library;
  for (let number = 0; number < count; number++) {
    const folder = join(library, `album ${Math.floor(number / imagesPerFolder)}`);
    if (number % imagesPerFolder === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${number}.png`), tinyPng(number));
  }
  writeFileSync(join(library, 'made'), '');
  return library;
}

function importOf(count) {
  const data = join(root, 'artifacts/bench/data');
  rmSync(data, { recursive: true, force: true });
  const environment = { ...process.env, VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '2' };
  const child = spawn(join(root, 'vitrine'), ['import', makeLibrary(count), '--data', data, '--json'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { child.kill(signal); process.exit(1); });
  const peak = { tree: 0, server: 0 };
  const sampling = setInterval(() => {
    peak.tree = Math.max(peak.tree, tree(child.pid).reduce((sum, member) => sum + pss(member), 0));
    peak.server = Math.max(peak.server, pss(child.pid));
  }, sampleEvery);
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      clearInterval(sampling);
      rmSync(data, { recursive: true, force: true });
      if (code !== 0) return reject(new Error(`the import of ${count} images ended with exit code ${code}`));
      const said = JSON.parse(output);
      if (said.completed !== count) return reject(new Error(`${said.completed} of ${count} images were made`));
      resolve({ count, ...peak, said: said.peakMemoryBytes, seconds: said.elapsedSeconds });
    });
  });
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(0).padStart(7);
const verdict = (met) => (met ? 'met' : 'NOT met');

console.log(' images  seconds   tree MB  server MB  peakMemoryBytes MB');
const runs = [];
for (const size of sizes.map(Number)) {
  const run = await importOf(size);
  runs.push(run);
  console.log(`${String(run.count).padStart(7)} ${run.seconds.toFixed(0).padStart(8)}   ${megabytes(run.tree)}   ${megabytes(run.server)}   ${megabytes(run.said)}`);
}
const ratio = runs.at(-1).tree / runs[0].tree;
const largest = Math.max(...runs.map((run) => run.server));
console.log(`tree at ${runs.at(-1).count} against ${runs[0].count}: ${ratio.toFixed(2)}; at most ${ratioGoal}: ${verdict(ratio <= ratioGoal)}`);
console.log(`server at most ${(largest / 1e6).toFixed(0)} MB; under ${serverGoal / 1e6} MB: ${verdict(largest < serverGoal)}`);
process.exitCode = ratio <= ratioGoal && largest < serverGoal ? 0 : 1;
