// What a scan of an unchanged library costs: processor time of the server and its decoders for one more scan, against that of find in the same turn.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';

const [root, folders, turns] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const perFolder = 100;
const findGoal = 4;
const archiveGoal = 1 / 50;
const ticks = 100;

function chunk(type, data) {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
  bytes.writeUInt32BE(data.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}

function picture(number) {
  const header = Buffer.from([0, 0, 0, 16, 0, 0, 0, 16, 8, 2, 0, 0, 0]);
  const rows = Buffer.alloc(16 * 49);
  for (let at = 0; at < rows.length; at++) rows[at] = at % 49 === 0 ? 0 : (at * 7 + (number >> (8 * (at % 3)))) & 255;
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const name = (number) => `page ${String(number).padStart(3, '0')}.png`;

// The pictures of all folders are the same hundred, linked: what is measured is the scan.
function makeFolders(library) {
  if (existsSync(join(library, '.made'))) return;
  mkdirSync(join(library, 'f0'), { recursive: true });
  for (let number = 0; number < perFolder; number++) writeFileSync(join(library, 'f0', name(number)), picture(number));
  for (let folder = 1; folder < folders; folder++) {
    mkdirSync(join(library, `f${folder}`), { recursive: true });
    for (let number = 0; number < perFolder; number++) linkSync(join(library, 'f0', name(number)), join(library, `f${folder}`, name(number)));
  }
  writeFileSync(join(library, '.made'), '');
}

// Stored, with one central directory: what a comic reader writes.
function zip() {
  const [local, central] = [[], []];
  let at = 0;
  for (let number = 0; number < perFolder; number++) {
    const [bytes, entry] = [picture(number), Buffer.from(name(number))];
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(33, 8); // 1 January 1980
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(entry.length, 22);
    local.push(Buffer.from('504b0304', 'hex'), head, entry, bytes);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('504b01021400', 'hex'), head, rest, entry);
    at += 30 + entry.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  Buffer.from('504b0506', 'hex').copy(end);
  end.writeUInt16LE(perFolder, 8);
  end.writeUInt16LE(perFolder, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...central, end]);
}

function makeArchives(library) {
  if (existsSync(join(library, '.made'))) return;
  mkdirSync(library, { recursive: true });
  const bytes = zip();
  for (let folder = 0; folder < folders; folder++) writeFileSync(join(library, `book ${folder}.cbz`), bytes);
  writeFileSync(join(library, '.made'), '');
}

const read = (file) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
const stat = (pid) => read(`/proc/${pid}/stat`).split(') ').at(-1).split(' ');

// Of a process, of those that it waited for, and of its living children.
function processorTime(pid) {
  const all = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number);
  const members = [pid];
  for (const member of members) members.push(...all.filter((other) => Number(stat(other)[1]) === member));
  return members.reduce((sum, member) => sum + stat(member).slice(11, 15).reduce((total, value) => total + Number(value), 0), 0) * (1000 / ticks);
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
