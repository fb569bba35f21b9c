// Runs after every build of the page (Trunk.toml): gives the build its name, which is a checksum of all
// its files, and tells the service worker which files those are.
//
//   unbuilt   in index.html and service-worker.js becomes the build's name
//   FILES     in service-worker.js becomes every file's address, as the page asks for it, and sha256
//
// With MOUE_SERVE set, as `make serve` does, nothing is kept for later: the list stays empty.

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const PAGE = 'index.html';
const WORKER = 'service-worker.js';
/** Their names say nothing of what is in them, so the page asks for them with the build's name. */
const STAMPED = ['start.js', 'start-words.js', 'engine-worker.js', 'engine.js', 'engine_bg.wasm', 'gpu.js', 'gpu_bg.wasm'];
/** For other people's pages (www/embed.js): a visitor of this one needs none of them, nor a new build when they change. */
const FOR_OTHERS = [
  ...['embed.js', 'embed.integrity', 'element.js', 'element_bg.wasm', 'style.css', 'xapi.js'],
  // The frame: who deploys it writes into embed.html.
  ...['embed.html', 'element-words.js', 'frame.css', 'frame.js', 'frame-messages.js', 'frame-words.js', 'moue-frame.js'],
  // Packages for learning platforms, and the program that makes them.
  ...['LICENSE-MIT', 'NOTICES.md', 'packager.js', 'packager_bg.wasm'],
];
/** Folders of such files. */
const FOLDERS_FOR_OTHERS = ['scorm/', 'h5p/'];
/** Digits of a checksum that tell two builds, or two files of weights, apart. The latter also stands in src/web/engine/loading.rs. */
const BUILD_DIGITS = 16;
const WEIGHTS_DIGITS = 12;

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;
if (!folder) throw new Error('name the folder of a built page: node .ci/precache.mjs dist');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const read = (path) => readFile(join(folder, path));

/** Replaces the one place where `old` stands. */
async function replace(path, old, by, times = 1) {
  const text = await readFile(join(folder, path), 'utf8');
  const found = text.split(old).length - 1;
  if (found !== times) throw new Error(`${path} has "${old}" ${found} times and not ${times}: look at .ci/precache.mjs`);
  await writeFile(join(folder, path), text.split(old).join(by));
}

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const paths = entries
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
  .filter((path) => !FOR_OTHERS.includes(path) && !FOLDERS_FOR_OTHERS.some((folder) => path.startsWith(folder)))
  .sort();

const sums = new Map();
for (const path of paths) sums.set(path, sha256(await read(path)));
const build = sha256([...sums].join('\n')).slice(0, BUILD_DIGITS);

// `start.js` and the root element learn it.
await replace(PAGE, 'unbuilt', build, 2);
sums.set(PAGE, sha256(await read(PAGE)));

function address(path) {
  if (path === PAGE) return './';
  if (STAMPED.includes(path)) return `${path}?build=${build}`;
  if (path.endsWith('.safetensors')) return `${path}?sha256=${sums.get(path).slice(0, WEIGHTS_DIGITS)}`;
  return path;
}

const kept = paths.filter((path) => path !== WORKER).map((path) => [address(path), sums.get(path)]);
await replace(WORKER, '"unbuilt"', JSON.stringify(build));
if (!process.env.MOUE_SERVE) {
  const lines = kept.map((file) => `  ${JSON.stringify(file)},`);
  await replace(WORKER, 'const FILES = [];', `const FILES = [\n${lines.join('\n')}\n];`);
}
