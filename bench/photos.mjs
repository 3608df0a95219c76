// Makes COUNT JPEGs of 12 megapixels (4000x3000, q92, 4:2:0) in DIR, or keeps those that are there.
// A quarter carries a Display P3 profile, a quarter an sRGB one, half none; three in ten are to be rotated by their EXIF orientation.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, count, corpus] = [process.argv[2], Number(process.argv[3]), process.env.VITRINE_CORPUS];
const leastPixels = 700_000;
const vips = (...parameters) => execFileSync('vips', parameters.map(String), { stdio: ['ignore', 'ignore', 'pipe'] });

function photographs() {
  if (!corpus) return [];
  const { files } = JSON.parse(readFileSync(join(corpus, 'photos/MANIFEST.json'), 'utf8'));
  const large = ({ decodes, width, height }) => decodes === true && width * height >= leastPixels;
  return files.filter(({ name, expect }) => /^camera\/.*\.jpe?g$/i.test(name) && large(expect)).map(({ name }) => join(corpus, 'photos', name));
}

// Soft shapes with grain: about as many bytes as a photograph of the same quality.
function drawPicture(number, picture) {
  const bands = [0, 1, 2].map((band) => {
    const [shapes, grain, sum] = ['shapes', 'grain', 'sum'].map((part) => `${picture}-${part}${band}.v`);
    vips('perlin', shapes, 4000, 3000, '--cell-size', 64 + 16 * (number % 7), '--uchar', '--seed', number * 3 + band);
    vips('gaussnoise', grain, 4000, 3000, '--mean', 0, '--sigma', 4, '--seed', number * 3 + band);
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

function make(number, sources, file) {
  const picture = `${file}.v`;
  if (sources.length > 0) vips('thumbnail', sources[number % sources.length], picture, 4000, '--height', 3000, '--crop', 'centre', '--export-profile', 'srgb');
  else drawPicture(number, picture);
  const profile = [null, 'p3', null, 'srgb'][number % 4];
  if (profile === 'p3') vips('icc_transform', picture, `${file}.p3.v`, 'p3', '--input-profile', 'srgb');
  vips('copy', profile === 'p3' ? `${file}.p3.v` : picture, `${file}.ppm`); // PPM carries pixels alone: no metadata of the source.
  vips('copy', `${file}.ppm`, `${file}.plain.jpg[Q=92,subsample_mode=on${profile ? `,profile=${profile}` : ''}]`);
  const jpeg = mark(readFileSync(`${file}.plain.jpg`), number, number % 10 < 3 ? 6 : 1);
  for (const left of [picture, `${file}.p3.v`, `${file}.ppm`, `${file}.plain.jpg`]) rmSync(left, { force: true });
  writeFileSync(`${file}.new`, jpeg);
  renameSync(`${file}.new`, file);
}

mkdirSync(folder, { recursive: true });
const sources = photographs();
for (let number = 0; number < count; number++) {
  const file = join(folder, `${String(number).padStart(4, '0')}.jpg`);
  if (!existsSync(file)) make(number, sources, file);
}
