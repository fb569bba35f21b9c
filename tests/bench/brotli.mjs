// Brotli at its best, which takes a minute for the largest files: kept from run to run.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const KEPT = fileURLToPath(new URL('artifacts/brotli/', import.meta.url));
const compress = promisify(brotliCompress);

const running = new Map();

/** `bytes` with brotli at quality 11. */
export function brotli(bytes) {
  const name = createHash('sha256').update(bytes).digest('hex');
  if (!running.has(name)) running.set(name, kept(name, bytes));
  return running.get(name);
}

/** Compresses every file below a folder, so that nobody waits for one later. */
export async function prepare(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await brotli(await readFile(join(entry.parentPath ?? entry.path, entry.name)));
  }
}

async function kept(name, bytes) {
  const path = `${KEPT}${name}.br`;
  try {
    return await readFile(path);
  } catch {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    const made = await compress(bytes, { params });
    await mkdir(KEPT, { recursive: true });
    await writeFile(`${path}.new`, made);
    await rename(`${path}.new`, path);
    return made;
  }
}
