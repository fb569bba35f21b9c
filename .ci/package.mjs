// Puts the npm package together: what dist/ has for other people's pages, the types and descriptions of
// npm/, the documentation. Fails where these disagree about what the element offers.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../', import.meta.url);
const PACKAGE = new URL('package/', ROOT);
const BUILT = ['embed.js', 'embed.integrity', 'element.js', 'element_bg.wasm', 'engine-worker.js', 'engine.js', 'engine_bg.wasm', 'gpu.js', 'gpu_bg.wasm', 'style.css', 'model'];
const SCRIPTS = ['xapi.js', 'moue-frame.js'];
const TYPES = ['embed.d.ts', 'react.d.ts', 'xapi.d.ts', 'moue-frame.d.ts', 'custom-elements.json'];
const PROSE = ['docs', 'MODEL_CARD.md', 'NOTICES.md', 'LICENSE-APACHE', 'LICENSE-MIT'];

const text = (path) => readFile(new URL(path, ROOT), 'utf8');
const put = (from, to) => cp(fileURLToPath(new URL(from, ROOT)), fileURLToPath(new URL(to, PACKAGE)), { recursive: true });

const embed = await text('dist/embed.js');
const version = embed.match(/version = "(.+)"/)[1];
const [element] = JSON.parse(await text('npm/custom-elements.json')).modules[0].declarations;
const types = await text('npm/embed.d.ts');

/** Fails unless both name the same. */
function agree(what, ...lists) {
  const [first, ...others] = lists.map((list) => [...list].sort().join(' '));
  for (const other of others) {
    if (other !== first) throw new Error(`${what}: "${first}" in one file, "${other}" in another; look at www/embed.js and npm/`);
  }
}
const names = (list) => list.map(({ name }) => name);
const members = (name) => {
  const [, body] = types.match(new RegExp(`interface ${name}\\b[^{]*\\{\n([^]*?)\n\\}`));
  return body.split('\n').map((line) => line.match(/^ {2}"?([a-zA-Z-]+)"?[(?:<]/)?.[1]).filter(Boolean);
};
const camel = (name) => name.replace(/-./g, (end) => end[1].toUpperCase());
const observed = JSON.parse(embed.match(/ATTRIBUTES = (\[[^\]]*\])/)[1]);
const described = (kind) => names(element.members.filter((member) => member.kind === kind));
agree('attributes', observed, names(element.attributes));
agree('properties', observed.map(camel).filter((name) => name !== 'lang'), described('field'));
agree('members', [...described('field'), ...described('method')], members('MoueFaceElement').filter((name) => !name.endsWith('EventListener')));
agree('events', names(element.events), members('MoueFaceEventMap'));

await rm(PACKAGE, { recursive: true, force: true });
await mkdir(PACKAGE);
for (const path of BUILT) await put(`dist/${path}`, path);
for (const path of SCRIPTS) await put(`www/${path}`, path);
for (const path of TYPES) await put(`npm/${path}`, path);
for (const path of PROSE) await put(path, path);
await put('npm/README.md', 'README.md');
const files = [...BUILT, ...SCRIPTS, ...TYPES, ...PROSE];
const description = JSON.parse(await text('npm/package.json'));
await writeFile(new URL('package.json', PACKAGE), `${JSON.stringify({ ...description, version, files }, null, 2)}\n`);
console.log(`package: moue-face ${version}, ready for npm publish`);
