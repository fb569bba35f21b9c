// `make bench-peers`: reads the same pictures with moue and with @vladmandic/human and
// @vladmandic/face-api in one headless Chromium, prints a table for each set, and writes peers.json and
// peers.md beside this file.
//
// node tests/bench/peers.mjs FOLDER… [--most N] [--answers FILE] [--reader NAME]: folders with a `labels.csv` (`file`, `expression`,
// perhaps `set`) and the pictures that it names, loose or in .tar files. Of a set that networks learn
// from (a table with the column `set`) only the part that selects is read: a file whose name's SHA-256
// begins with a byte below 38. Of each set N pictures at most, 200 unless told, those of the smallest
// SHA-256. FILE gets a line for each picture and reader: `set,file,expression,reader,answer`, the answer
// of the seven or empty where no face was found. With NAME (moue, human or face-api) only that one
// reads, and nothing but FILE is written.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { EXECUTABLE, QUIET } from '../browser/chromium.mjs';
import { writeBetween } from './readme.mjs';
import { serve } from './server.mjs';
import { median } from './statistics.mjs';

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const READERS = ['moue', 'human', 'face-api'];
const SEVEN = ['anger', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'];
const LIMIT_MILLIS = 120_000;
const TYPES = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.webp': 'image/webp' };

const hash = (text) => createHash('sha256').update(text).digest();

/** The sets of a folder: `{ name, classes, pictures: [{ file, path, expression }] }`. */
async function sets(folder, most, unpacked) {
  const table = await readFile(join(folder, 'labels.csv'), 'utf8');
  const [head, ...lines] = table.split(/\r?\n/).filter(Boolean).map((line) => line.split(','));
  const column = (name) => head.indexOf(name);
  const [file, expression, set] = [column('file'), column('expression'), column('set')];
  if (file < 0 || expression < 0) throw new Error(`${folder}/labels.csv has no columns file and expression`);
  for (const name of await readdir(folder)) {
    if (extname(name) === '.tar') execFileSync('tar', ['-xf', join(folder, name), '-C', unpacked]);
  }
  const found = new Map();
  for (const line of lines) {
    const name = set < 0 ? basename(folder) : line[set];
    if (!SEVEN.includes(line[expression]) || (set >= 0 && hash(line[file])[0] >= 38)) continue;
    if (!found.has(name)) found.set(name, []);
    found.get(name).push({ file: line[file], expression: line[expression] });
  }
  const sets = [];
  for (const [name, all] of found) {
    const order = (picture) => hash(`order ${picture.file}`).toString('hex');
    const pictures = all.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, most);
    for (const picture of pictures) picture.path = await existing([join(folder, picture.file), join(unpacked, picture.file)]);
    const classes = SEVEN.filter((emotion) => all.some(({ expression }) => expression === emotion));
    sets.push({ name, classes, pictures });
  }
  return sets;
}

async function existing(paths) {
  for (const path of paths) {
    const is = await access(path).then(() => true, () => false);
    if (is) return path;
  }
  throw new Error(`${paths.join(' and ')}: neither is there`);
}

const likeliest = (shares, among) => among.reduce((best, name) => ((shares[name] ?? 0) > (shares[best] ?? 0) ? name : best), among[0]);

/** A share in percent with its 95 % interval (Wilson 1927). */
function share(right, all) {
  const z = 1.96;
  const p = right / all;
  const middle = (p + (z * z) / (2 * all)) / (1 + (z * z) / all);
  const half = (z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all);
  return { right, all, value: p, interval: [Math.max(0, middle - half), middle + half] };
}

/** Reads every picture of a set; `onAnswer(picture, answer)` hears of each, '' where no face was found. */
async function read(page, { classes, pictures }, onAnswer) {
  const [millis, failed] = [[], []];
  let [found, right, own] = [0, 0, 0];
  for (const picture of pictures) {
    const { file, path, expression } = picture;
    const base64 = (await readFile(path)).toString('base64');
    const type = TYPES[extname(path)];
    const answer = await page.evaluate(([base64, type]) => readPicture(base64, type).catch((error) => ({ error: String(error) })), [base64, type]);
    if (answer.error) {
      failed.push(`${file}: ${answer.error}`);
      continue;
    }
    millis.push(answer.millis);
    const named = answer.shares ? likeliest(answer.shares, SEVEN) : '';
    onAnswer(picture, named);
    if (!answer.shares) continue;
    found += 1;
    right += Number(named === expression);
    own += Number(likeliest(answer.shares, classes) === expression);
  }
  const all = pictures.length;
  return { found: share(found, all), right: share(right, all), own: share(own, all), millis: millis.length ? median(millis) : null, failed };
}

const percent = ({ value, interval: [low, high] }) => `${(100 * value).toFixed(1)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`;

function markdown({ browser, versions, results, bytes }) {
  const lines = ['| set | reader | found, % | right of all, % | right among the set’s own classes, % | ms a picture |', '|---|---|---|---|---|---|'];
  for (const { set, pictures, classes, readers } of results) {
    for (const [name, { found, right, own, millis }] of Object.entries(readers)) {
      const about = `${set}, ${pictures} pictures, ${classes} classes`;
      lines.push(`| ${about} | ${name} | ${percent(found)} | ${percent(right)} | ${percent(own)} | ${millis?.toFixed(0) ?? '–'} |`);
    }
  }
  const fetched = Object.entries(bytes).map(([name, count]) => `${name} ${(count / 1e6).toFixed(1)} MB`);
  const about = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Headless ${browser} without a GPU; ${about.join(', ')}. Fetched up to the first answer, with brotli: ${fetched.join(', ')}. In brackets 95 % intervals over pictures.\n\n${lines.join('\n')}\n`;
}

async function main(words) {
  const { values, positionals: folders } = parseArgs({ args: words, allowPositionals: true, options: { most: { type: 'string', default: '200' }, answers: { type: 'string' }, reader: { type: 'string' } } });
  const most = Number(values.most);
  const readers = values.reader ? [values.reader] : READERS;
  if (!readers.every((name) => READERS.includes(name))) throw new Error(`${values.reader} is none of ${READERS.join(', ')}`);
  const answers = ['set,file,expression,reader,answer'];
  if (folders.length === 0 || !Number.isInteger(most) || most < 1) throw new Error('name a folder of labelled pictures: make bench-peers DATA="FOLDER…"');
  const module = (name) => place(`node_modules/@vladmandic/${name}`);
  const unpacked = await mkdtemp(join(tmpdir(), 'moue-peers-'));
  const server = await serve({ '/': place('page'), '/moue/': place('../../package'), '/human/': module('human'), '/face-api/': module('face-api') });
  server.encode = true;
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: QUIET });
  try {
    const found = [];
    for (const folder of folders) found.push(...(await sets(folder, most, unpacked)));
    const results = found.map(({ name, classes, pictures }) => ({ set: name, pictures: pictures.length, classes: classes.length, readers: {} }));
    const bytes = {};
    for (const name of readers) {
      const context = await browser.newContext();
      const page = await context.newPage();
      page.setDefaultTimeout(LIMIT_MILLIS);
      await page.goto(`${server.origin}/peers.html`);
      const before = server.requests.length;
      await page.evaluate((name) => load(name), name);
      // What is compiled or fetched with the first picture belongs to no picture's time.
      const [first] = found[0].pictures;
      await page.evaluate(([base64, type]) => readPicture(base64, type), [(await readFile(first.path)).toString('base64'), TYPES[extname(first.path)]]);
      bytes[name] = server.requests.slice(before).reduce((sum, { encoded }) => sum + encoded, 0);
      for (const [place, set] of found.entries()) {
        const onAnswer = ({ file, expression }, answer) => answers.push([set.name, file, expression, name, answer].join(','));
        results[place].readers[name] = await read(page, set, onAnswer);
        const { right, own, failed } = results[place].readers[name];
        console.log(`${name}, ${set.name}: right ${percent(right)}, of its own classes ${percent(own)}${failed.length ? `, ${failed.length} failed` : ''}`);
      }
      await context.close();
    }
    if (values.answers) await writeFile(values.answers, `${answers.join('\n')}\n`);
    if (values.reader) return;
    const version = async (path) => JSON.parse(await readFile(path, 'utf8')).version;
    const versions = { moue: await version(place('../../package/package.json')), human: await version(`${module('human')}/package.json`), 'face-api': await version(`${module('face-api')}/package.json`) };
    const report = { measured: new Date().toISOString().slice(0, 10), browser: `Chromium ${browser.version()}`, versions, bytes, results };
    const text = markdown(report);
    console.log(`\n${text}`);
    await writeFile(place('peers.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(place('peers.md'), text);
    await writeBetween('<!-- make bench-peers writes this -->', '<!-- up to here -->', text);
  } finally {
    await browser.close();
    await server.close();
    await rm(unpacked, { recursive: true });
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`bench-peers: ${error.message}`);
  process.exitCode = 1;
}
