// Processor time of imports of the same pages, by what they are packed in: see bench/archives.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from './bytes.mjs';
import { makeSet } from './photos.mjs';

const [root] = process.argv.slice(2);
const [pages, turns] = process.argv.slice(3).map(Number);
const work = join(root, `artifacts/bench/pages-${pages}`);
const program = join(root, 'artifacts/program/vitrine');
const goals = { zip: 1.05, rar: 1.05, solid: 1.1 };

/** RAR 5 with stored entries: numbers of seven bits a byte, blocks of CRC-32, length and header. */
function storedRar(folder) {
  const number = (value) => {
    const bytes = [];
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
    return Buffer.from([...bytes, value]);
  };
  const block = (...parts) => {
    const header = Buffer.concat(parts);
    const counted = Buffer.concat([number(header.length), header]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(counted));
    return Buffer.concat([sum, counted]);
  };
  const entries = readdirSync(folder).flatMap((name) => {
    const data = readFileSync(join(folder, name));
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(data));
    const text = Buffer.from(name);
    // A file with data behind it; its CRC-32 is there; stored; made on Unix.
    const header = block(number(2), number(2), number(data.length), number(4), number(data.length), number(0o644), sum, number(0), number(1), number(text.length), text);
    return [header, data];
  });
  return Buffer.concat([Buffer.from('526172211a070100', 'hex'), block(Buffer.from([1, 0, 0])), ...entries, block(Buffer.from([5, 0, 0]))]);
}

function prepare() {
  if (existsSync(work)) return;
  const making = `${work}.making`;
  rmSync(making, { recursive: true, force: true });
  for (const kind of ['folder', 'zip', 'rar', 'solid']) mkdirSync(join(making, kind), { recursive: true });
  const folder = join(making, 'folder/pages');
  cpSync(makeSet('pages', pages, join(root, 'artifacts/bench'), process.env.VITRINE_CORPUS).pictures, folder, { recursive: true });
  const pack = (...options) => execFileSync('7z', ['a', ...options, `${folder}/*.jpg`], { stdio: 'ignore' });
  pack('-tzip', '-mx=1', join(making, 'zip/pages.cbz'));
  pack('-t7z', '-ms=on', '-mmt=1', join(making, 'solid/pages.cb7'));
  writeFileSync(join(making, 'rar/pages.cbr'), storedRar(folder));
  renameSync(making, work);
}

/** Milliseconds of processor time of a command and of all that it waited for. */
function processorTime(...command) {
  const script = 'TIMEFORMAT="%3U %3S"; { time "$@" >"$OUT" 2>/dev/null; } 2>&1';
  const out = join(root, 'artifacts/bench/last.out');
  const said = execFileSync('bash', ['-c', script, 'bash', ...command], {
    env: { ...process.env, OUT: out, VITRINE__Engine__SettleSeconds: '0', VITRINE__Engine__Workers: '2' },
  });
  const [user, system] = String(said).trim().split(' ').map(Number);
  return { milliseconds: 1000 * (user + system), out: readFileSync(out, 'utf8') };
}

function imported(kind) {
  const data = join(root, 'artifacts/bench/data');
  rmSync(data, { recursive: true, force: true });
  const { milliseconds, out } = processorTime(program, 'import', join(work, kind), '--data', data, '--presets', 'thumbnail,medium,display', '--json');
  const { completed, failures } = JSON.parse(out);
  if (completed !== pages || failures.length > 0) throw new Error(`${kind}: ${completed} of ${pages} pages were made.`);
  rmSync(data, { recursive: true, force: true });
  return milliseconds;
}

const bare = () => processorTime('7z', 't', '-mmt=1', join(work, 'solid/pages.cb7')).milliseconds;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const perPage = (milliseconds) => (milliseconds / pages).toFixed(1).padStart(9);

prepare();
const bytes = statSync(join(work, 'solid/pages.cb7')).size;
console.log(`${pages} pages, ${(bytes / 1e6).toFixed(0)} MB, ${turns} turns, processor milliseconds a page`);
console.log(' turn   folder      zip      rar    solid     bare |    zip    rar  solid');
const ratios = { zip: [], rar: [], solid: [] };
for (let turn = 1; turn <= turns; turn++) {
  const kinds = ['folder', 'zip', 'rar', 'solid', 'bare'];
  // Who is first changes with each turn, so that a machine that slows down wrongs all alike.
  const order = [...kinds.slice(turn % kinds.length), ...kinds.slice(0, turn % kinds.length)];
  const took = Object.fromEntries(order.map((kind) => [kind, kind === 'bare' ? bare() : imported(kind)]));
  const ratio = { zip: took.zip / took.folder, rar: took.rar / took.folder, solid: took.solid / (took.folder + took.bare) };
  for (const kind of Object.keys(ratios)) ratios[kind].push(ratio[kind]);
  const columns = Object.values(ratio).map((value) => value.toFixed(3).padStart(6)).join(' ');
  console.log(`${String(turn).padStart(5)}${kinds.map((kind) => perPage(took[kind])).join('')} | ${columns}`);
}
let met = true;
for (const [kind, goal] of Object.entries(goals)) {
  const middle = median(ratios[kind]);
  met &&= middle <= goal;
  const against = kind === 'solid' ? 'folder + bare' : 'folder';
  const spread = `${Math.min(...ratios[kind]).toFixed(3)} to ${Math.max(...ratios[kind]).toFixed(3)}`;
  console.log(`${kind} / (${against}): median ${middle.toFixed(3)} (${spread}); at most ${goal}: ${middle <= goal ? 'met' : 'NOT met'}`);
}
process.exit(met ? 0 : 1);
