// Runs after every build of the page (Trunk.toml): tells embed.js its version and the checksums of the
// files that it fetches, and writes its own checksum, for a host's integrity attribute, beside it.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What embed.js and its worker fetch beside themselves; the model's manifest names the weights. */
const FETCHED = ['element.js', 'element_bg.wasm', 'engine.js', 'engine_bg.wasm', 'gpu.js', 'gpu_bg.wasm', 'style.css'];

const folder = process.argv[2] ?? process.env.TRUNK_STAGING_DIR;
if (!folder) throw new Error('name the folder of a built page: node .ci/embed.mjs dist');

const read = (path) => readFile(join(folder, path));
const sum = (algorithm, bytes, form) => createHash(algorithm).update(bytes).digest(form);
const integrity = (bytes) => `sha384-${sum('sha384', bytes, 'base64')}`;

const cargo = await readFile(new URL('../Cargo.toml', import.meta.url), 'utf8');
const version = cargo.match(/^version = "(.+)"$/m)[1];

// A worker for a page of another origin is started by this name (www/embed.js).
const scripts = { engine: String(await read('engine.js')), gpu: String(await read('gpu.js')) };
for (const [name, script] of Object.entries(scripts)) {
  if (script.includes('__wbg_init as default')) continue;
  throw new Error(`${name}.js does not call its start __wbg_init: look at foreignWorker in www/embed.js`);
}
// It is put into a function there, which can hold no import.
if (/^import\b/m.test(scripts.gpu) || !scripts.gpu.includes('class GpuNetwork')) {
  throw new Error('gpu.js imports something, or has no GpuNetwork: look at startGpu in www/embed.js');
}

const sums = {};
for (const path of FETCHED) sums[path] = integrity(await read(path));

let text = String(await read('embed.js'));
const fill = (place, by) => {
  if (text.split(place).length !== 2) throw new Error(`embed.js has "${place}" not once: look at .ci/embed.mjs`);
  text = text.replace(place, () => by);
};
fill('version = "unbuilt"', `version = ${JSON.stringify(version)}`);
fill('INTEGRITY = {}', `INTEGRITY = ${JSON.stringify(sums, null, 2)}`);
fill('MANIFEST_SHA256 = null', `MANIFEST_SHA256 = ${JSON.stringify(sum('sha256', await read('model/manifest.json'), 'hex'))}`);
await writeFile(join(folder, 'embed.js'), text);
await writeFile(join(folder, 'embed.integrity'), `${integrity(text)}\n`);
