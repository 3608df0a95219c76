// Asks the registries for known vulnerabilities of the locked packages. Where one has no advisories to ask for, it says so, and nothing counts as passed.
//   node .ci/audit.mjs RESULTS    writes [{name, state: passed | failed | skipped, why}] there, for tests/summary.mjs
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const timeout = 60_000;
const noSource = 'no advisory source';

// A tool that finds something ends with an exit code, and says it on standard output all the same.
function output(command, ...args) {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout });
  } catch (error) {
    return error.stdout ?? '';
  }
}

async function hasAdvisories(source) {
  try {
    const { resources } = await (await fetch(source, { signal: AbortSignal.timeout(timeout) })).json();
    return resources.some((resource) => resource['@type'].startsWith('VulnerabilityInfo/'));
  } catch {
    return false;
  }
}

async function auditNuGet() {
  const sources = [...output('dotnet', 'nuget', 'list', 'source', '--format', 'short').matchAll(/^E (https:\S+)/gm)].map(([, url]) => url);
  const answers = await Promise.all(sources.map(hasAdvisories));
  if (!answers.includes(true)) return { state: 'skipped', why: `${noSource}: ${sources.join(', ') || 'no registry'} offers no VulnerabilityInfo` };

  const report = JSON.parse(output('dotnet', 'list', 'Vitrine.slnx', 'package', '--vulnerable', '--include-transitive', '--format', 'json') || '{}');
  if (!report.projects) return { state: 'skipped', why: `${noSource}: the registry did not answer` };
  const found = report.projects
    .flatMap((project) => project.frameworks ?? [])
    .flatMap((framework) => [...(framework.topLevelPackages ?? []), ...(framework.transitivePackages ?? [])])
    .map(({ id, resolvedVersion, vulnerabilities }) => `${id} ${resolvedVersion}: ${vulnerabilities.map(({ severity, advisoryurl }) => `${severity} ${advisoryurl}`).join(', ')}`);
  return found.length > 0 ? { state: 'failed', why: [...new Set(found)].join('\n') } : { state: 'passed' };
}

function auditNpm() {
  const report = JSON.parse(output('npm', '--prefix', 'web', 'audit', '--json') || '{}');
  if (!report.metadata?.vulnerabilities) return { state: 'skipped', why: `${noSource}: ${report.message ?? 'the registry did not answer'}` };
  const found = Object.values(report.vulnerabilities).map(({ name, severity, range }) => `${name} ${range}: ${severity}`);
  return found.length > 0 ? { state: 'failed', why: found.join('\n') } : { state: 'passed' };
}

const results = [
  { name: 'NuGet packages', ...(await auditNuGet()) },
  { name: 'npm packages', ...auditNpm() },
];
for (const { name, state, why } of results) console.log(`${name}: ${state}${why ? `, ${why}` : ''}`);
if (process.argv[2]) writeFileSync(process.argv[2], JSON.stringify(results));
process.exitCode = results.some(({ state }) => state === 'failed') ? 1 : 0;
