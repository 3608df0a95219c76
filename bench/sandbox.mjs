// What the sandbox of decoders costs: whole imports, with it and without it, by turns. The ratio within a turn counts, and the median of those.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './processes.mjs';
import { makeSet } from './photos.mjs';

const [root, turns, images] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const work = join(root, 'artifacts/bench');
const decoder = join(work, 'faulty-decoder/Vitrine.FaultyDecoder');
const most = 1.05;

function program(name, more) {
  const path = join(work, name);
  writeFileSync(path, `#!/bin/sh\nexec '${decoder}' "$@" ${more}\n`, { mode: 0o755 });
  return path;
}

async function importWith(path, set) {
  const data = join(work, 'data-sandbox');
  rmSync(data, { recursive: true, force: true });
  const environment = { VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '2', VITRINE__Decoder__Path: path };
  const { cpu, out } = await measure([join(root, 'vitrine'), 'import', set.library, '--data', data, '--json'], environment);
  rmSync(data, { recursive: true });
  const { completed } = JSON.parse(out);
  if (completed !== set.count) throw new Error(`${completed} of ${set.count} images were made`);
  return cpu / set.count;
}

mkdirSync(work, { recursive: true });
const corpus = [process.env.VITRINE_CORPUS, join(root, '../shared/corpus')].find((folder) => folder && existsSync(folder));
const set = makeSet('pages', images, work, corpus);
const [within, without] = [program('decoder-within', ''), program('decoder-without', '--unconfined')];
await importWith(within, set);

const ratios = [];
for (let turn = 0; turn < turns; turn++) {
  const found = {};
  for (const way of turn % 2 ? [within, without] : [without, within]) found[way] = await importWith(way, set);
  ratios.push(found[within] / found[without]);
  console.error(`  turn ${turn + 1} of ${turns}: ${found[within].toFixed(1)} ms an image in the sandbox, ${found[without].toFixed(1)} without`);
}
const sorted = ratios.toSorted((a, b) => a - b);
const median = sorted[sorted.length >> 1];
console.log(`${set.count} ${set.kind}, ${turns} turns: processor time with the sandbox against without, median ${median.toFixed(3)} (${sorted[0].toFixed(3)}-${sorted.at(-1).toFixed(3)}); at most ${most}: ${median <= most ? 'met' : 'NOT met'}`);
process.exitCode = median <= most ? 0 : 1;
