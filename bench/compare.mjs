// The comparison: each set of pictures by each way, in turns. What decides is the ratio of two ways within one turn; the median of the turns is shown.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './processes.mjs';
import { makeSet, sets } from './photos.mjs';

const [root, turns, images, chosen] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5].split(',')];
const against = process.argv[6].split(',');
const work = join(root, 'artifacts/bench');
const modules = join(work, 'modules');
const bench = join(root, 'artifacts/bin/Vitrine.Bench/release_linux-x64/Vitrine.Bench');
const sharpVersion = '0.35.5';

// Of jpeg12: at most so much of this way's processor time.
const most = { vipsthumbnail: 0.4, sharp: 0.6, skia: 0.2 };
const mostOverhead = 0.08;
const mostMemory = 400e6;
const mostSimilarityLost = 0.002;
const mostBytes = 1.03;

const made = (name) => join(work, `made-${name}`);

// What was made waits there for the end of the turns: where many files were just deleted the kernel looks longer for places of new ones, and whoever makes most would pay for all.
const done = join(work, 'done');
const known = {
  import: ({ library }) => [join(root, 'vitrine'), 'import', library, '--data', made('import'), '--presets', 'thumbnail,medium,display', '--json'],
  bare: ({ pictures }) => [bench, 'bare', pictures, made('bare')],
  vipsthumbnail: ({ pictures }) => [join(root, 'bench/peers/vipsthumbnail'), pictures, made('vipsthumbnail')],
  'sharp each': ({ pictures }) => ['node', join(root, 'bench/peers/sharp.mjs'), 'each', pictures, made('sharp each'), modules],
  'sharp once': ({ pictures }) => ['node', join(root, 'bench/peers/sharp.mjs'), 'once', pictures, made('sharp once'), modules],
  skia: ({ pictures }) => [bench, 'skia', pictures, made('skia')],
};
const ways = Object.fromEntries(Object.entries(known).filter(([name]) => name === 'import' || against.includes(name.split(' ')[0])));

function setUp() {
  mkdirSync(modules, { recursive: true });
  if (!existsSync(join(modules, 'node_modules/sharp'))) {
    writeFileSync(join(modules, 'package.json'), '{ "private": true }\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `sharp@${sharpVersion}`], { cwd: modules, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  execFileSync('dotnet', ['build', join(root, 'bench/peers'), '-c', 'Release', '--disable-build-servers', '-tl:off', '-v', 'quiet', '-nologo'], { stdio: ['ignore', process.stderr, 'inherit'] });
  execFileSync(join(root, 'vitrine'), ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

const bytesOf = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /(?:webp|jpg|-320|-1080|-1920|-thumbnail|-medium|-display)$/.test(entry.name))
  .map((entry) => statSync(join(entry.parentPath, entry.name)).size);

async function run(way, set) {
  const folder = made(way);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const result = await measure(ways[way](set), { VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '2', UV_THREADPOOL_SIZE: '2' });
  const files = bytesOf(folder);
  renameSync(folder, join(done, String(readdirSync(done).length)));
  if (way === 'import') {
    const { completed, failures } = JSON.parse(result.out);
    if (completed !== set.count || failures.length > 0) throw new Error(`${completed} of ${set.count} images were made`);
  }
  if (files.length !== 3 * set.count) throw new Error(`${way} made ${files.length} of ${3 * set.count} files`);
  return { ...result, bytes: files.reduce((sum, size) => sum + size, 0) };
}

// Who is first changes with each turn, so that a machine that slows down wrongs all alike.
async function turnsOf(set) {
  const results = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  rmSync(done, { recursive: true, force: true });
  mkdirSync(done);
  for (let turn = 0; turn < turns; turn++) {
    const order = Object.keys(ways);
    order.push(...order.splice(0, turn % order.length));
    for (const way of turn % 2 ? order.reverse() : order) results[way].push(await run(way, set));
    process.stderr.write(`  turn ${turn + 1} of ${turns}: import ${(results.import[turn].cpu / set.count).toFixed(1)} ms an image\n`);
  }
  rmSync(done, { recursive: true });
  return results;
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return { median: sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, least: sorted[0], most: sorted.at(-1) };
}

const ratios = (results, of, what) => spread(results.import.map((ours, turn) => ours[what] / results[of][turn][what]));
const shown = ({ median, least, most: top }, digits = 3) => `${median.toFixed(digits)} (${least.toFixed(digits)}-${top.toFixed(digits)})`;
const verdict = (met) => (met ? 'met' : 'NOT met');

function print(name, set, results) {
  console.log(`\n${name}: ${set.count} ${set.kind}, ${sets[name].says}; ${turns} turns, import against each, median (least-most)`);
  console.log(`${'way'.padEnd(14)} ${'CPU ms/image'.padStart(12)} ${'PSS MB'.padStart(7)}  ${'CPU ratio'.padEnd(20)} ${'wall ratio'.padEnd(20)} ${'bytes'.padEnd(6)}`);
  for (const way of Object.keys(ways)) {
    const [cpu, peak] = [spread(results[way].map((r) => r.cpu / set.count)).median, Math.max(...results[way].map((r) => r.peak))];
    console.log(`${way.padEnd(14)} ${cpu.toFixed(1).padStart(12)} ${(peak / 1e6).toFixed(0).padStart(7)}  ${shown(ratios(results, way, 'cpu')).padEnd(20)} ${shown(ratios(results, way, 'wall')).padEnd(20)} ${ratios(results, way, 'bytes').median.toFixed(3)}`);
  }
}

function judge(results) {
  const cpu = (way) => ratios(results, way, 'cpu').median;
  const of = {
    ...(against.includes('vipsthumbnail') && { vipsthumbnail: cpu('vipsthumbnail') }),
    ...(against.includes('sharp') && { sharp: Math.max(cpu('sharp each'), cpu('sharp once')) }),
    ...(against.includes('skia') && { skia: cpu('skia') }),
  };
  for (const [way, ratio] of Object.entries(of)) check(`processor time of ${way}`, ratio, most[way]);
  if (against.includes('bare')) {
    const overhead = spread(results.import.map((ours, turn) => (ours.cpu - results.bare[turn].cpu) / ours.cpu));
    check(`around the bare loop ${shown(overhead)}`, overhead.median, mostOverhead);
  }
  check('peak of the tree, MB', Math.max(...results.import.map((r) => r.peak)) / 1e6, mostMemory / 1e6);
}

function check(what, value, limit) {
  console.log(`${what}: ${value.toFixed(3)}, at most ${limit}: ${verdict(value <= limit)}`);
  if (value > limit) process.exitCode = 1;
}

function quality(set) {
  const lines = execFileSync(bench, ['quality', set.pictures], { encoding: 'utf8' }).trim().split('\n');
  for (const line of lines) {
    const [preset, ours, best, worst, bytes] = line.split(' ');
    console.log(`${preset}: SSIM ${ours} where a full decode has ${best} (one picture at most ${worst} less)`);
    check(`  ${preset}: SSIM lost`, Math.max(0, best - ours), mostSimilarityLost);
    check(`  ${preset}: bytes`, Number(bytes), mostBytes);
  }
}

setUp();
for (const name of chosen) {
  const set = makeSet(name, images, work, process.env.VITRINE_CORPUS);
  for (const file of readdirSync(set.library)) readFileSync(join(set.library, file)); // All read from memory.
  const results = await turnsOf(set);
  print(name, set, results);
  if (name === 'jpeg12') judge(results);
  quality(set);
}
