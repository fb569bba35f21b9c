// The documentation's examples are the files that browser tests run, its links lead somewhere, and its
// tables name what the code names.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FROM_FRAME, FROM_HOST, PARAMETERS } from '../../www/frame-messages.js';
import { SENTENCES } from '../../www/frame-words.js';
import { LEGAL_BASES, SUMMARY_KEY } from '../../www/xapi.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Packages for learning platforms. */
const PLATFORMS = ['scorm', 'moodle', 'open-edx', 'canvas', 'kolibri', 'h5p'].map((name) => `docs/${name}.md`);
const DOCS = ['docs/embedding.md', 'docs/e-learning.md', 'docs/notice.md', 'docs/dpia.md', ...PLATFORMS];
const EXAMPLES = 'tests/embed/examples/';
/** What every project of its kind has. */
const SCAFFOLD = /(react|vue|svelte)\/(index\.html|src\/main\.(js|tsx))$/;

const read = (file) => readFileSync(join(ROOT, file), 'utf8');
const embedding = read('docs/embedding.md');
const learning = read('docs/e-learning.md');

/** `[file, text]` of every block that says which file it is. */
function quoted(markdown) {
  return [...markdown.matchAll(/<!-- (tests\/\S+) -->\n```\w+\n([\s\S]*?)\n```/g)].map((match) => [match[1], `${match[2]}\n`]);
}

test('every example in the documentation is a file, to the letter', () => {
  const blocks = DOCS.flatMap((file) => quoted(read(file)));
  for (const [file, text] of blocks) assert.equal(text, read(file), file);
  const files = readdirSync(join(ROOT, EXAMPLES), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${EXAMPLES}${join(entry.parentPath ?? entry.path, entry.name).slice(join(ROOT, EXAMPLES).length)}`);
  const shown = blocks.map(([file]) => file);
  assert.deepEqual(files.filter((file) => !SCAFFOLD.test(file)).sort(), [...shown].sort(), 'every example is shown once');
});

test('every link within the documentation leads to a file and a heading', () => {
  const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-');
  for (const file of DOCS) {
    const prose = read(file).replace(/```[\s\S]*?```/g, '');
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path, fragment] = target.split('#');
      const to = path ? normalize(join(dirname(file), path)) : file;
      assert.ok(existsSync(join(ROOT, to)), `${file}: ${target}`);
      if (!fragment) continue;
      const headings = [...read(to).matchAll(/^#+ (.*)$/gm)].map((match) => anchor(match[1]));
      assert.ok(headings.includes(fragment), `${file}: ${target}`);
    }
  }
});

test('the documentation names every message, parameter and sentence of the frame', () => {
  for (const name of [...FROM_HOST, ...FROM_FRAME, ...Object.keys(PARAMETERS)]) assert.match(embedding, new RegExp(`\`${name}\``), name);
  for (const name of SENTENCES) {
    // What only a package says stands in its own documentation.
    const where = ['lms-refused', 'author-mistaken'].includes(name) ? read('docs/scorm.md') : embedding;
    if (!['shared-with', 'camera-refused-in-frame'].includes(name)) assert.match(where, new RegExp(`\\| \`${name}\``), name);
  }
  for (const { allowed } of [PARAMETERS.purpose, PARAMETERS['legal-basis'], PARAMETERS.engine, PARAMETERS.mirror]) {
    for (const value of allowed.split(', ')) assert.match(embedding, new RegExp(`\`${value}\``), value);
  }
});

test('the documentation names the code of every error, and none that there is not', () => {
  const codes = new Set(['device-lost']);
  const collect = (file, pattern) => {
    const [code] = read(file).split('#[cfg(test)]');
    for (const [, name] of code.matchAll(pattern)) codes.add(name);
  };
  const below = (folder) => readdirSync(join(ROOT, folder), { recursive: true }).filter((name) => name.endsWith('.rs')).map((name) => `${folder}/${name}`);
  for (const file of [...below('src/embed'), ...below('src/page/host'), 'src/bin/element.rs']) collect(file, /(?:HostError|Self)::new\(\s*"([a-z-]+)"/g);
  for (const file of below('src/web')) collect(file, /(?:Notice::error|show_error|video_failed)\(\s*"([a-z-]+)"/g);
  collect('src/page/protocol/error_code.rs', /=> "([a-z-]+)"/g);
  collect('src/page/words/advice.rs', /=> "(camera-[a-z-]+)"/g);
  collect('src/web/session/intake.rs', /=> "([a-z-]+)"/g);
  collect('src/web/session/video.rs', /=> "(video-[a-z-]+)"/g);
  collect('www/embed.js', /(?:failure\(|code: )"([a-z-]+)"/g);
  // The element tells it as engine-crashed.
  codes.delete('engine-fell-back');
  const [section] = embedding.split('\n## Errors\n')[1].split('\n## ');
  const rows = [...section.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1]);
  const named = [...rows.join().matchAll(/`([a-z-]+)`/g)].map((match) => match[1]);
  assert.deepEqual([...new Set([...named, 'device-lost'])].sort(), [...codes].sort());
});

test('the documentation names every part and only custom properties that there are', () => {
  const [looks] = embedding.split('\n## Looks\n')[1].split('\n## ');
  const parts = new Set(read('src/embed/view.rs').match(/part="[a-z]+"/g).map((part) => part.slice(6, -1)));
  for (const part of ['start', 'promise', 'error', ...parts]) assert.ok(looks.includes(`\`${part}\``), part);
  const [tokens] = read('www/style.css').match(/^:root,\n:host \{[^}]*\}/m);
  const named = looks.match(/`--[a-z-]+`/g);
  assert.ok(named.length > 10);
  for (const name of named) assert.ok(tokens.includes(`${name.slice(1, -1)}:`), name);
});

test('the documentation names what esbuild leaves out in silence, all files of the package that embed.js fetches', () => {
  const fetched = [...read('www/embed.js').matchAll(/new URL\("\.\/([^"?]+)/g)].map((match) => match[1].split('/')[0]);
  const [section] = embedding.split('\n## Bundlers\n')[1].split('\n## ');
  const copied = section.match(/cp -r (.*) \S+\n/)[1].split(' ').map((glob) => new RegExp(`^${glob.replace('*', '.*')}$`));
  for (const file of fetched) assert.ok(copied.some((glob) => glob.test(file)), file);
  for (const text of [section, read('npm/README.md')]) assert.match(text, /esbuild[^]*--format=esm/);
});

test('the documentation of xAPI names its key, bases and errors', () => {
  assert.ok(learning.includes(`\`${SUMMARY_KEY}\``));
  for (const basis of LEGAL_BASES) assert.ok(learning.includes(`\`${basis}\``), basis);
  const codes = new Set(read('www/xapi.js').match(/"(xapi|lrs)-[a-z-]+"/g).map((quoted) => quoted.slice(1, -1)));
  assert.equal(codes.size, 8, [...codes].join());
  for (const code of codes) assert.ok(learning.includes(`\`${code}\``), code);
});

test('the notice has the page\'s own words for the seven expressions, in its six languages', () => {
  const sections = read('docs/notice.md').split(/^## /m).slice(1);
  const languages = ['en', 'de', 'fr', 'es', 'ar', 'zh'];
  assert.equal(sections.length, languages.length);
  languages.forEach((language, n) => {
    const words = [...read(`www/locales/${language}/page.ftl`).matchAll(/^emotion-(?!other)\w+ = (.*)$/gm)].map((match) => match[1]);
    assert.equal(words.length, 7);
    for (const word of words) assert.ok(sections[n].includes(word), `${language}: ${word}`);
  });
});
