// The tables of the README that benchmarks write.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));

/** Puts `text` between the two marks, where the README has them. */
export async function writeBetween(begin, end, text) {
  const readme = await readFile(README, 'utf8');
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (after !== undefined) await writeFile(README, `${before}${begin}\n${text}${end}${after}`);
}
