// Files that are wrong on purpose, made here and never stored.

import { deflateSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

const FIXTURES = new URL('../fixtures/', import.meta.url);

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A drawn picture of tests/fixtures, as `{ name, mimeType, buffer }`. */
export async function fixture(name) {
  const mimeType = `image/${extname(name).slice(1).replace('jpg', 'jpeg')}`;
  return { name, mimeType, buffer: await readFile(new URL(name, FIXTURES)) };
}

/** The path of a fixture. */
export const fixturePath = (name) => new URL(name, FIXTURES).pathname;

/** A file without a byte. */
export const empty = () => png('empty.png', Buffer.alloc(0));

/** Text that calls itself a picture. */
export const text = () => png('text.png', Buffer.from('This is a shopping list: eggs, milk, bread.\n'.repeat(20)));

/** The first half of a picture. */
export async function truncated() {
  const { buffer } = await fixture('happy.png');
  return png('truncated.png', buffer.subarray(0, buffer.length / 2));
}

/** A progressive JPEG without its end, `share` of it, after a segment in which the bytes of an end marker stand. */
export async function cutProgressive(share) {
  const { buffer } = await fixture('progressive.jpg');
  const comment = Buffer.from([0xff, 0xfe, 0, 4, 0xff, 0xd9]);
  const between = buffer.indexOf(Buffer.from([0xff, 0xc4]), buffer.indexOf(Buffer.from([0xff, 0xda])));
  const cut = Buffer.concat([buffer.subarray(0, between), comment, buffer.subarray(between)]).subarray(0, buffer.length * share);
  return { name: 'cut.jpg', mimeType: 'image/jpeg', buffer: cut };
}

/** A well-formed head that claims 20,000 by 20,000 pixels, over next to no data. */
export function enormous() {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(20_000, 0);
  head.writeUInt32BE(20_000, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(60_001));
  return png('enormous.png', Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]));
}

/** A gray picture of one colour, every pixel of it there: a hundred million take a hundred kilobytes. */
export function oneColour(width, height) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((width + 1) * height), { level: 1 });
  return png(`${width}x${height}.png`, Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]));
}

function png(name, buffer) {
  return { name, mimeType: 'image/png', buffer };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
