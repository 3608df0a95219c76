// What a process and all its descendants take: memory by the kernel's proportional set size, processor time by the shell that waits for them.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const sampleEvery = 250;
const read = (file) => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };

export function tree(pid) {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), Number(read(`/proc/${name}/stat`).split(') ').at(-1).split(' ')[1])]);
  const members = [pid];
  for (const member of members) members.push(...parents.filter(([, parent]) => parent === member).map(([child]) => child));
  return members;
}

export const pss = (pid) => 1024 * Number(read(`/proc/${pid}/smaps_rollup`).match(/^Pss:\s+(\d+)/m)?.[1] ?? 0);

const ticks = 100;

// Milliseconds of processor time of a process, of those that it waited for, and of its living descendants.
export function processorTime(pid) {
  const used = tree(pid).flatMap((member) => read(`/proc/${member}/stat`).split(') ').at(-1).split(' ').slice(11, 15));
  return used.reduce((sum, value) => sum + Number(value), 0) * (1000 / ticks);
}

// The command keeps its error stream; what the shell measured comes on a stream of its own.
const timed = 'TIMEFORMAT="%R %U %S"; exec 4>&2; { time "$@" 2>&4 3>&- 4>&-; } 2>&3';

// Runs a command to its end: cpu and wall in milliseconds, the peak of its tree in bytes, and what it printed.
export function measure(command, env = {}) {
  const child = spawn('bash', ['-c', timed, 'bench', ...command], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  let peak = 0;
  const sampling = setInterval(() => (peak = Math.max(peak, tree(child.pid).reduce((sum, member) => sum + pss(member), 0))), sampleEvery);
  const said = { out: '', times: '' };
  child.stdout.on('data', (text) => (said.out += text));
  child.stdio[3].on('data', (text) => (said.times += text));
  return new Promise((resolve, reject) => child.on('close', (code) => {
    clearInterval(sampling);
    process.off('exit', stop);
    if (code !== 0) return reject(new Error(`"${command.join(' ')}" ended with exit code ${code}`));
    const [wall, user, system] = said.times.trim().split(' ').map((seconds) => 1000 * Number(seconds));
    resolve({ cpu: user + system, wall, peak, out: said.out });
  }));
}
