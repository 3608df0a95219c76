// Keeps of a bill of materials what is the same every time it is made from the same lock files: no times, no serial numbers, no descriptions.
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
const bill = JSON.parse(readFileSync(from, 'utf8'));
const byName = (a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0);
const components = bill.components
  .map(({ type, name, version, scope, purl, hashes, licenses }) => ({ type, name, version, scope, purl, hashes, licenses }))
  .sort(byName);
const { bomFormat, specVersion } = bill;
writeFileSync(to, `${JSON.stringify({ bomFormat, specVersion, version: 1, components }, null, 2)}\n`);
console.log(`${to}: ${components.length} components`);
