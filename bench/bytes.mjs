// The checksum of PNG and ZIP, which Node has had since 20.15.
import { crc32 as native } from 'node:zlib';

export const crc32 = native ?? ((bytes) => {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
});
