// Makes the pictures that are measured, from the photographs of the corpus where it is there and from drawings where not, or keeps those that are there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storedZip } from './bytes.mjs';

const leastPixels = 700_000;
const vips = (...parameters) => execFileSync('vips', parameters.map(String), { stdio: ['ignore', 'ignore', 'pipe'] });

// share: of the images that were asked for. JPEGs: a quarter carries a Display P3 profile, a quarter an sRGB one, half none; three in ten are to be rotated.
export const sets = {
  jpeg12: { says: 'JPEG of 12 megapixels', width: 4000, height: 3000, type: 'jpg', options: 'Q=92,subsample_mode=on', share: 1 },
  progressive12: { says: 'progressive JPEG of 12 megapixels', width: 4000, height: 3000, type: 'jpg', options: 'Q=92,subsample_mode=on,interlace', share: 0.5 },
  jpeg24: { says: 'JPEG of 24 megapixels', width: 6000, height: 4000, type: 'jpg', options: 'Q=92,subsample_mode=on', share: 0.5 },
  png: { says: 'PNG of 2 megapixels', width: 1664, height: 1248, type: 'png', options: 'compression=6', share: 0.5 },
  webp: { says: 'WebP of 2 megapixels', width: 1664, height: 1248, type: 'webp', options: 'Q=85', share: 0.5 },
  pages: { says: 'comic pages, JPEG 1200x1800', width: 1200, height: 1800, type: 'jpg', options: 'Q=85,subsample_mode=on', share: 1, plain: true },
  archives: { says: 'the same comic pages in .cbz of 20 (the others read folders)', of: 'pages', share: 1 },
};

const pagesOfArchive = 20;

function photographs(corpus) {
  if (!corpus) return [];
  const { files } = JSON.parse(readFileSync(join(corpus, 'photos/MANIFEST.json'), 'utf8'));
  const large = ({ decodes, width, height }) => decodes === true && width * height >= leastPixels;
  return files.filter(({ name, expect }) => /^camera\/.*\.jpe?g$/i.test(name) && large(expect)).map(({ name }) => join(corpus, 'photos', name));
}

// Soft shapes with grain: about as many bytes as a photograph of the same quality.
function drawPicture(number, { width, height }, picture) {
  const bands = [0, 1, 2].map((band) => {
    const [shapes, grain, sum] = ['shapes', 'grain', 'sum'].map((part) => `${picture}-${part}${band}.v`);
    vips('perlin', shapes, width, height, '--cell-size', 64 + 16 * (number % 7), '--uchar', '--seed', number * 3 + band);
    vips('gaussnoise', grain, width, height, '--mean', 0, '--sigma', 4, '--seed', number * 3 + band);
    vips('add', shapes, grain, sum);
    rmSync(shapes);
    rmSync(grain);
    return sum;
  });
  vips('bandjoin', bands.join(' '), `${picture}-all.v`);
  vips('cast', `${picture}-all.v`, `${picture}-cast.v`, 'uchar');
  vips('copy', `${picture}-cast.v`, picture, '--interpretation', 'srgb');
  for (const file of [...bands, `${picture}-all.v`, `${picture}-cast.v`]) rmSync(file);
}

// An EXIF block with the orientation alone, and a comment that makes the file's content its own.
function mark(jpeg, number, orientation) {
  const exif = Buffer.from('ffe1002245786966000049492a0008000000010012010300010000000100000000000000', 'hex');
  exif.writeUInt16LE(orientation, 28);
  const text = Buffer.from(`picture ${number}`);
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), text]);
  return Buffer.concat([jpeg.subarray(0, 2), exif, comment, jpeg.subarray(2)]);
}

// Each time round the sources they are a little larger and cut at another place: no two pictures are alike to a compressor.
function cutPhotograph(number, sources, set, picture) {
  const round = Math.floor(number / sources.length);
  const whole = `${picture}-whole.v`;
  vips('thumbnail', sources[number % sources.length], whole, set.width + 24 * round, '--height', set.height + 36 * round, '--crop', 'centre', '--export-profile', 'srgb');
  vips('extract_area', whole, picture, 24 * round, 0, set.width, set.height);
  rmSync(whole);
}

function makePicture(number, sources, set, file) {
  const picture = `${file}.v`;
  if (sources.length > 0) cutPhotograph(number, sources, set, picture);
  else drawPicture(number, set, picture);
  const profile = set.type === 'jpg' && !set.plain ? [null, 'p3', null, 'srgb'][number % 4] : null;
  if (profile === 'p3') vips('icc_transform', picture, `${file}.p3.v`, 'p3', '--input-profile', 'srgb');
  vips('copy', profile === 'p3' ? `${file}.p3.v` : picture, `${file}.ppm`); // PPM carries pixels alone: no metadata of the source.
  vips('copy', `${file}.ppm`, `${file}.plain.${set.type}[${set.options}${profile ? `,profile=${profile}` : ''}]`);
  const bytes = readFileSync(`${file}.plain.${set.type}`);
  for (const left of [picture, `${file}.p3.v`, `${file}.ppm`, `${file}.plain.${set.type}`]) rmSync(left, { force: true });
  const turned = number % 10 < 3 && !set.plain;
  writeFileSync(`${file}.new`, set.type === 'jpg' ? mark(bytes, number, turned ? 6 : 1) : bytes);
  renameSync(`${file}.new`, file);
}

function makeArchives(names, pages, folder) {
  for (let first = 0; first < names.length; first += pagesOfArchive) {
    const file = join(folder, `${first}.cbz`);
    if (existsSync(file)) continue;
    writeFileSync(`${file}.new`, storedZip(names.slice(first, first + pagesOfArchive).map((name) => ({ name, bytes: readFileSync(join(pages, name)) }))));
    renameSync(`${file}.new`, file);
  }
}

// Makes a set under a folder: where its pictures are, where what ours reads is, and how many there are.
export function makeSet(name, images, work, corpus) {
  const set = sets[name];
  const count = Math.max(2, Math.round(images * set.share));
  const sources = photographs(corpus);
  const kind = sources.length > 0 ? 'photographs' : 'drawings';
  const pictures = join(work, `${kind}-${set.of ?? name}-${count}`);
  const shape = sets[set.of ?? name];
  mkdirSync(pictures, { recursive: true });
  const names = Array.from({ length: count }, (_, number) => `${String(number).padStart(4, '0')}.${shape.type}`);
  names.forEach((file, number) => existsSync(join(pictures, file)) || makePicture(number, sources, shape, join(pictures, file)));
  if (!set.of) return { pictures, library: pictures, count, kind };
  const library = join(work, `${kind}-${name}-${count}`);
  mkdirSync(library, { recursive: true });
  makeArchives(names, pictures, library);
  return { pictures, library, count, kind };
}
