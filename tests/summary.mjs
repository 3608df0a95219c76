// Reads what ./test left in its results folder and says how it went. Exit code 1 when anything failed.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const results = process.argv[2];
const lineCoverageGoal = 0.8;
const shownFailures = 20;
const goals = ['Vitrine.Core', 'Vitrine.Imaging', 'Vitrine.Backends'];
const printedOnly = ['Vitrine.Decoder', 'Vitrine.Server'];

const text = (xml) =>
  xml.replace(/&#x?[0-9a-f]+;/gi, ' ').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
const attribute = (tag, name) => text(tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '');
const inner = (xml, name) => text(xml.match(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`))?.[1] ?? '').trim();
const nothing = () => ({ passed: 0, failures: [], skipped: [] });

function readTrx(file) {
  const outcome = nothing();
  for (const [, head, body = ''] of readFileSync(file, 'utf8').matchAll(/<UnitTestResult ([^>]*?)(?:\/>|>([\s\S]*?)<\/UnitTestResult>)/g)) {
    const name = attribute(` ${head}`, 'testName');
    switch (attribute(` ${head}`, 'outcome')) {
      case 'Passed':
        outcome.passed++;
        break;
      case 'NotExecuted':
        outcome.skipped.push({ name, why: inner(body, 'StdOut') || inner(body, 'Message') });
        break;
      default:
        outcome.failures.push({ name, why: `${inner(body, 'Message')}\n${inner(body, 'StackTrace')}` });
    }
  }
  return outcome;
}

function readVitest(file) {
  const outcome = nothing();
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    if (suite.status === 'failed' && suite.assertionResults.length === 0) outcome.failures.push({ name: suite.name, why: suite.message });
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') outcome.passed++;
      else if (test.status === 'failed') outcome.failures.push({ name: test.fullName, why: test.failureMessages.join('\n') });
      else outcome.skipped.push({ name: test.fullName, why: test.status });
    }
  }
  return outcome;
}

// Checks that decide for themselves what passed: [{name, state, why}].
function readList(file) {
  const outcome = nothing();
  for (const { name, state, why } of JSON.parse(readFileSync(file, 'utf8'))) {
    if (state === 'passed') outcome.passed++;
    else if (state === 'skipped') outcome.skipped.push({ name, why });
    else outcome.failures.push({ name, why });
  }
  return outcome;
}

// A part that ended badly without a failed test of its own (it crashed, ran out of time, ran or reported nothing) is one failure.
function readPart({ name, kind, code, file }) {
  const path = join(results, file);
  const reader = { trx: readTrx, vitest: readVitest, list: readList }[kind];
  const outcome = reader && existsSync(path) ? reader(path) : nothing();
  if (code === 0 && !reader) outcome.passed++;
  if ((code !== 0 || (reader && !existsSync(path))) && outcome.failures.length === 0) {
    const log = readFileSync(join(results, `${name}.log`), 'utf8').trimEnd().split('\n').slice(-40).join('\n');
    outcome.failures.push({ name, why: `${code === 124 || code === 137 ? 'over its time limit' : `exit code ${code}`}\n${log}` });
  }
  return outcome;
}

// A line counts once, however many assemblies and test projects saw it. What the compiler generated stands outside src/.
function readCoverage() {
  const lines = new Map();
  for (const report of readdirSync(results).filter((name) => name.endsWith('.cobertura.xml'))) {
    for (const [, head, body] of readFileSync(join(results, report), 'utf8').matchAll(/<class ([^>]*)>([\s\S]*?)<\/class>/g)) {
      const [, project, rest] = attribute(` ${head}`, 'filename').match(/\/src\/([^/]+)\/(.*)$/) ?? [];
      if (!project) continue;
      const seen = lines.get(project) ?? lines.set(project, new Map()).get(project);
      for (const [, number, hits] of body.matchAll(/<line number="(\d+)" hits="(\d+)"/g)) {
        const key = `${rest}:${number}`;
        seen.set(key, seen.get(key) || hits !== '0');
      }
    }
  }
  return lines;
}

const coverage = readCoverage();
const shares = [...goals, ...printedOnly].map((project) => {
  const seen = [...(coverage.get(project)?.values() ?? [])];
  const share = seen.filter(Boolean).length / seen.length;
  return { project, lines: seen.length, share, wanted: goals.includes(project), met: share >= lineCoverageGoal };
});

const isLong = Boolean(process.env.VITRINE_LONG);

function printCoverage() {
  if (isLong) return;
  console.log('\nLine coverage');
  for (const { project, lines, share, wanted, met } of shares) {
    const percent = lines === 0 ? 'not measured' : `${(100 * share).toFixed(1).padStart(5)} % of ${lines} lines`;
    console.log(`  ${project.padEnd(20)} ${percent}${wanted ? `  at least ${100 * lineCoverageGoal} %: ${met ? 'met' : 'NOT met'}` : ''}`);
  }
}

// Each project with a goal is a check of its own: what was not measured does not meet it.
function coveragePart() {
  const outcome = nothing();
  if (isLong) outcome.skipped.push({ name: 'line coverage', why: './test counts it: the long run takes some tests apart, and its programs as they are.' });
  else for (const { project, share, met } of shares.filter((one) => one.wanted)) {
    if (met) outcome.passed++;
    else outcome.failures.push({ name: project, why: `line coverage ${(100 * share).toFixed(1)} %, wanted ${100 * lineCoverageGoal} %` });
  }
  return { name: 'coverage', kind: 'check', code: 0, seconds: 0, outcome };
}

const indent = (lines) => lines.trim().split('\n').slice(0, 30).map((line) => `    ${line}`).join('\n');
const rows = readFileSync(join(results, 'parts.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t'));
const parts = [...new Map(rows.map((row) => [row[0], row])).values()].map(([name, kind, code, seconds, file]) => {
  const part = { name, kind, code: Number(code), seconds: Number(seconds), file };
  return { ...part, outcome: readPart(part) };
});
parts.push(coveragePart());

for (const { name, outcome } of parts) {
  for (const failure of outcome.failures.slice(0, shownFailures)) console.log(`\nFAILED ${name}: ${failure.name}\n${indent(failure.why)}`);
  if (outcome.failures.length > shownFailures) console.log(`\n... and ${outcome.failures.length - shownFailures} more in ${name}`);
}

const skipped = parts.flatMap(({ name, outcome }) => outcome.skipped.map((test) => ({ ...test, part: name })));
if (skipped.length > 0) console.log('\nSkipped');
for (const { part, name, why } of skipped) console.log(`  ${part}: ${name}\n    ${why.split('\n')[0] || 'no reason given'}`);

printCoverage();

console.log(`\n${'Part'.padEnd(26)} passed  failed skipped seconds`);
for (const { name, seconds, outcome } of parts) {
  const numbers = [outcome.passed, outcome.failures.length, outcome.skipped.length, seconds];
  console.log(`${name.padEnd(25)}${numbers.map((number) => String(number).padStart(8)).join('')}`);
}

const sum = (of) => parts.reduce((total, { outcome }) => total + of(outcome), 0);
const failed = sum((outcome) => outcome.failures.length);
console.log(`${sum((outcome) => outcome.passed)} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
