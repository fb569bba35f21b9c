// The packages for learning platforms, as `moue scorm` makes them, unpacked as a platform does it.

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { DIST } from '../browser/harness.mjs';

const MOUE = process.env.MOUE || 'target/release/moue';

const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function temporary() {
  const folder = await mkdtemp(join(tmpdir(), 'moue-packages-'));
  folders.push(folder);
  return folder;
}

/** The files of a zip file by path, read by its central directory (APPNOTE.TXT 4.3.12). */
export function unzip(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const files = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameLength, extraLength, commentLength] = [zip.readUInt32LE(at + 20), ...[28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(begin, begin + packed);
    const isStored = zip.readUInt16LE(at + 10) === 0;
    files[zip.toString('utf8', at + 46, at + 46 + nameLength)] = isStored ? bytes : inflateRawSync(bytes);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}

const made = new Map();

/** The packages' bytes by file name, made with `settings` and the command's further `options`. */
export function packages(settings = {}, ...options) {
  const key = JSON.stringify([settings, options]);
  if (!made.has(key)) made.set(key, make(settings, options));
  return made.get(key);
}

async function make(settings, options) {
  const out = await temporary();
  await writeFile(join(out, 'settings.json'), JSON.stringify(settings));
  execFileSync(MOUE, ['scorm', '--dist', DIST, '--settings', join(out, 'settings.json'), '--out', out, ...options]);
  const names = ['moue-scorm12.zip', 'moue-scorm2004.zip', 'moue.h5p'];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(out, name))])));
}

/** Unpacks a package into a folder of its own. */
export async function unpacked(zip) {
  const folder = await temporary();
  for (const [path, bytes] of Object.entries(unzip(zip))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}
