// sharp.mjs each|once PICTURES MADE: the three sizes of every picture, two pictures at a time, by a pipeline for each size or by one decode for all.
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [way, pictures, made, modules] = process.argv.slice(2);
const sharp = createRequire(join(modules, 'package.json'))('sharp');
sharp.concurrency(1);
sharp.cache(false);

const sizes = [
  { name: '1920', edge: 1920, encode: (pipeline) => pipeline.jpeg({ quality: 85 }) },
  { name: '1080', edge: 1080, encode: (pipeline) => pipeline.jpeg({ quality: 85 }) },
  { name: '320', edge: 320, encode: (pipeline) => pipeline.webp({ quality: 80, effort: 2 }) },
];
const reduced = (pipeline, edge) => pipeline.resize(edge, edge, { fit: 'inside', withoutEnlargement: true });

async function each(file, save) {
  for (const { name, edge, encode } of sizes) save(name, await encode(reduced(sharp(file).rotate(), edge)).toBuffer());
}

async function once(file, save) {
  let { data, info } = await reduced(sharp(file).rotate().toColourspace('srgb'), sizes[0].edge).raw().toBuffer({ resolveWithObject: true });
  for (const { name, edge, encode } of sizes) {
    const from = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
    save(name, await encode(reduced(from, edge)).toBuffer());
  }
}

const files = readdirSync(pictures);
const make = way === 'each' ? each : once;
async function work() {
  for (let file = files.pop(); file !== undefined; file = files.pop()) {
    const name = file;
    await make(join(pictures, name), (size, bytes) => writeFileSync(join(made, `${name}-${size}`), bytes));
  }
}
await Promise.all([work(), work()]);
