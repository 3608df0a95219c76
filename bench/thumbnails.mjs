// Thumbnails made anew, from the display pictures and from the originals: see bench/thumbnails.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeSet } from './photos.mjs';
import { processorTime } from './processes.mjs';

const [root, images, turns] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const data = join(root, 'artifacts/bench/thumbnails-data');
const socketPath = join(data, 'vitrine.sock');
const goal = 1;

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path: `/api/v1/${path}`, headers: body ? { 'Content-Type': 'application/json' } : {} }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part)).on('end', () => (answer.statusCode < 300 ? resolve(JSON.parse(text)) : reject(new Error(`${path}: ${answer.statusCode} ${text}`))));
    });
    asked.on('error', reject).end(body && JSON.stringify(body));
  });
}

async function idle() {
  for (;;) {
    const { items } = await ask('GET', 'cache/processing-jobs?open=true');
    if (items.length === 0) return;
    await wait(100);
  }
}

const counted = async () => (await ask('GET', 'status')).counters;

// Of the server and its decoders, until what was begun has ended; each image is to be counted there once.
async function timeOf(counter, begin) {
  const [before, counts] = [processorTime(server.pid), await counted()];
  await begin();
  await wait(200); // The job of a change is added behind its answer.
  await idle();
  const after = await counted();
  if (after[counter] - counts[counter] !== images) throw new Error(`${counter}: ${after[counter] - counts[counter]} of ${images}`);
  return processorTime(server.pid) - before;
}

const { library } = makeSet('jpeg12', images, join(root, 'artifacts/bench'), process.env.VITRINE_CORPUS);
rmSync(data, { recursive: true, force: true });
const environment = { ...process.env, VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '2' };
const server = spawn(join(root, 'artifacts/program/vitrine'), ['serve', '--data', data, '--urls', 'http://127.0.0.1:0'], { env: environment, stdio: 'ignore' });
try {
  while (!existsSync(socketPath)) await wait(100);
  const made = spawnSync(join(root, 'vitrine'), ['import', library, '--data', data, '--presets', 'thumbnail,display', '--json'], { env: environment, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  const id = (await ask('GET', 'libraries')).items[0].id;
  let edge = 320;
  const ways = {
    display: () => timeOf('imagesShrunk', () => ask('PATCH', 'cache/presets/thumbnail', { maxEdge: (edge = edge === 320 ? 319 : 320) })),
    original: () => timeOf('imagesDecoded', () => ask('POST', 'cache/processing-jobs', { type: 'derive', libraryId: id, presets: ['thumbnail'], force: true })),
  };
  for (const way of Object.values(ways)) await way(); // Both from warm code and a warm disk.
  const ratios = [];
  for (let turn = 0; turn < turns; turn++) {
    const took = {};
    for (const way of turn % 2 ? ['display', 'original'] : ['original', 'display']) took[way] = await ways[way]();
    ratios.push(took.display / took.original);
    console.log(`turn ${turn + 1}: from display ${(took.display / images).toFixed(1)} ms an image, from originals ${(took.original / images).toFixed(1)} ms`);
  }
  const sorted = ratios.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  console.log(`from display against from originals: ${median.toFixed(3)} (${sorted[0].toFixed(3)}-${sorted.at(-1).toFixed(3)}); below ${goal}: ${median < goal ? 'met' : 'NOT met'}`);
  process.exitCode = median < goal ? 0 : 1;
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('close', resolve));
  rmSync(data, { recursive: true, force: true });
}
