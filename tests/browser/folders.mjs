// Many files, and folders, by drop and by choice.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, oneColour, text } from './files.mjs';
import { test, top } from './harness.mjs';
import { noteMemories, wasmBytes } from './memory.mjs';
import { engineOf, runFirst } from './worker.mjs';

const cpu = { query: 'engine=cpu' };
const progress = (page, done) => page.waitForSelector(`[data-testid="album-progress"][data-done="${done}"]`);

/** A folder on this machine for as long as `body` runs: paths to contents, `null` for a folder. */
async function onDisk(files, body) {
  const folder = await mkdtemp(join(tmpdir(), 'photos-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(folder, path, content === null ? '.' : '..'), { recursive: true });
      if (content !== null) await writeFile(join(folder, path), content);
    }
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Drops files and folders of this machine on the page, as the desktop does. */
async function dropped(page, ...files) {
  const devtools = await page.context().newCDPSession(page);
  const { x, y, width, height } = await page.locator('[data-testid="drop-zone"]').boundingBox();
  const at = { x: x + width / 2, y: y + height / 2, data: { items: [], files, dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop']) await devtools.send('Input.dispatchDragEvent', { type, ...at });
  await devtools.detach();
}

test('inputs: many files dropped at once are read, and what is no picture is counted', cpu, async (moue, page) => {
  const { buffer } = await fixture('happy.png');
  const files = Object.fromEntries([...Array(30).keys()].map((index) => [`p${index}.png`, buffer]));
  await onDisk({ ...files, 'notes.txt': 'no picture', 'broken.png': 'no picture either' }, async (folder) => {
    const names = [...Object.keys(files), 'notes.txt', 'broken.png'];
    await dropped(page, ...names.map((name) => join(folder, name)));
    await progress(page, 31);
    assert.equal(await moue.id('album-photo').count(), 31);
    assert.equal(await moue.id('album-progress').getAttribute('data-refused'), '1');
    assert.match(await moue.id('album-progress').innerText(), /left out: 1/);
    assert.equal(top((await moue.faces())[0]), 'happy');
  });
});

test('inputs: a dropped folder is read with the folders in it, in the order of its names', cpu, async (moue, page) => {
  const { buffer } = await fixture('happy.png');
  const many = Object.fromEntries([...Array(120).keys()].map((index) => [`deep/er/${index}.txt`, 'no picture']));
  await onDisk({ 'a10.png': buffer, 'a2.png': buffer, 'more/b.png': buffer, 'none/at/all': null, ...many }, async (folder) => {
    await dropped(page, folder);
    await progress(page, 3);
    assert.deepEqual(await page.locator('.album__name').allTextContents(), ['a2.png', 'a10.png', 'b.png']);
    // More than the hundred entries that a reader hands out at once.
    assert.match(await moue.id('album-progress').innerText(), /left out: 120/);
  });
});

test('inputs: a dropped folder without pictures says so, and what is shown stays', cpu, async (moue, page) => {
  assert.equal((await moue.reads('pick', await fixture('happy.png'))).length, 1);
  await onDisk({ 'empty/within': null, 'words/notes.txt': 'no picture' }, async (folder) => {
    for (const [name, code, sentence] of [
      ['empty', 'folder-empty', /no files/],
      ['words', 'folder-no-pictures', /no pictures/],
    ]) {
      await dropped(page, join(folder, name));
      await page.waitForSelector(`[data-testid="error"][data-code="${code}"]`);
      assert.match(await moue.id('error').innerText(), sentence);
      assert.equal(top((await moue.faces())[0]), 'happy', 'the photo before it stays');
      assert.equal(await moue.id('photo').count(), 1);
      assert.equal(await page.locator('.stage__frame--busy').count(), 0);
    }
    await moue.id('folder-input').setInputFiles(join(folder, 'words'));
    await moue.id('error').waitFor();
    assert.equal(await moue.id('error').getAttribute('data-code'), 'folder-no-pictures');
    await moue.screenshot('folder-no-pictures');
  });
  assert.equal(top((await moue.reads('drop', await fixture('surprise.png')))[0]), 'surprise', 'the page still works');
});

/** Folders that take a while to be listed. */
function listsSlowly() {
  const { webkitGetAsEntry } = DataTransferItem.prototype;
  DataTransferItem.prototype.webkitGetAsEntry = function () {
    const entry = webkitGetAsEntry.call(this);
    entry.createReader = () => {
      const reader = Object.getPrototypeOf(entry).createReader.call(entry);
      const read = reader.readEntries.bind(reader);
      reader.readEntries = (done, failed) => void setTimeout(() => read(done, failed), 500);
      return reader;
    };
    return entry;
  };
}

test('inputs: two folders without pictures, one dropped after the other, leave nothing to wait for', { ...cpu, before: listsSlowly }, async (moue, page) => {
  await onDisk({ 'empty/within': null, 'words/notes.txt': 'no picture' }, async (folder) => {
    await dropped(page, join(folder, 'empty'));
    await page.locator('.stage__frame--busy').waitFor();
    await dropped(page, join(folder, 'words'));
    await page.waitForSelector('[data-testid="error"][data-code="folder-no-pictures"]');
    assert.equal(await page.locator('.stage__frame--busy').count(), 0);
  });
});

/** Counts the addresses of files that are held. */
function noteAddresses() {
  const held = (window.addresses = new Set());
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const address = createObjectURL.call(URL, blob);
    held.add(address);
    return address;
  };
  URL.revokeObjectURL = (address) => {
    held.delete(address);
    revokeObjectURL.call(URL, address);
  };
}

const MIB = 1 << 20;
const WATCHED = {
  ...cpu,
  before: `(${noteMemories})(); (${noteAddresses})();`,
  context: { serviceWorkers: 'block' },
  tamper: runFirst(noteMemories),
};

test('inputs: five hundred photos are read to the end, and nothing of them stays behind', { ...WATCHED, limit: 600 }, async (moue, page) => {
  const drawn = [];
  for (const name of ['light-skin.jpg', 'three.jpg', 'ball.jpg', 'small.jpg']) drawn.push((await fixture(`hard/${name}`)).buffer);
  const worker = engineOf(page);
  const addresses = () => page.evaluate(() => window.addresses.size);
  const before = await addresses();
  await moue.pick([...Array(500).keys()].map((index) => ({ name: `photo ${index}.jpg`, mimeType: 'image/jpeg', buffer: drawn[index % drawn.length] })));
  const done = (count) => page.waitForFunction((count) => Number(document.querySelector('[data-testid="album-progress"]')?.dataset.done) >= count, count, { timeout: 500_000 });
  await done(60);
  const early = { engine: await wasmBytes(worker), page: await wasmBytes(page) };
  // While it reads, the page answers: another photo, another language, a stop.
  await moue.id('album-photo').nth(5).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="album-photo"]')[5].hasAttribute('aria-current'));
  assert.match(await moue.id('album-progress').innerText(), /^\d+ of 500 photos done/);
  assert.equal(await page.locator('.album progress').getAttribute('max'), '500');
  await moue.id('album-toggle').click();
  await page.waitForFunction(() => !document.querySelector('[data-testid="album-photo"][data-state="reading"]'));
  const stopped = Number(await moue.id('album-progress').getAttribute('data-done'));
  assert.ok(stopped < 500, `stopped at ${stopped}`);
  await page.waitForTimeout(1000);
  assert.equal(Number(await moue.id('album-progress').getAttribute('data-done')), stopped, 'a stop is one');
  await moue.id('album-toggle').click();
  await done(500);
  assert.equal(await moue.id('album-progress').getAttribute('data-refused'), '0');
  assert.equal(await page.locator('[data-testid="album-photo"][data-state="read"]').count(), 500);
  assert.match(await moue.id('announcement').innerText(), /500/);
  const late = { engine: await wasmBytes(worker), page: await wasmBytes(page) };
  console.log(`        ${JSON.stringify({ early, late, addresses: await addresses() })}`);
  assert.ok(late.engine - early.engine <= MIB, 'the engine keeps nothing of a photo');
  assert.ok(late.page - early.page <= 8 * MIB, 'the page keeps a few kilobytes of each');
  assert.ok((await addresses()) - before <= 501, 'an address a photo, and the one on the stage');
  await moue.screenshot('album-500-done', { fullPage: false });
  await moue.id('clear').click();
  assert.equal(await moue.id('album').count(), 0);
  await page.waitForFunction((before) => window.addresses.size === before, before);
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1, 'the page still works');
});

test('inputs: starting over in the middle of five hundred photos ends their reading', WATCHED, async (moue, page) => {
  const { buffer } = await fixture('hard/three.jpg');
  const before = await page.evaluate(() => window.addresses.size);
  await moue.pick([...Array(500).keys()].map((index) => ({ name: `photo ${index}.jpg`, mimeType: 'image/jpeg', buffer })));
  await page.waitForFunction(() => Number(document.querySelector('[data-testid="album-progress"]')?.dataset.done) >= 10);
  await moue.id('clear').click();
  assert.equal(await moue.id('album').count(), 0);
  await page.waitForTimeout(1500);
  assert.equal(await moue.id('face').count(), 0, 'no reading comes late');
  assert.equal(await page.evaluate(() => window.addresses.size), before);
  assert.equal(top((await moue.reads('drop', await fixture('happy.png')))[0]), 'happy');
});

test('inputs: a hundred and forty-four megapixels are refused with a sentence, a hundred are read, and the page goes on', WATCHED, async (moue, page) => {
  const worker = engineOf(page);
  const { code, sentence } = await moue.refuses('pick', oneColour(12_000, 12_000));
  assert.equal(code, 'picture-too-large', sentence);
  assert.match(sentence, /12[,. ]?000/);
  assert.match(sentence, /134/, 'it says how large one may be');
  await moue.screenshot('refused-megapixels');
  assert.ok((await wasmBytes(worker)) < 128 * MIB, 'nothing is decoded of what is refused');
  await moue.id('notice-close').click();
  assert.deepEqual(await moue.reads('pick', oneColour(7_750, 7_750)), [], 'one colour is nobody');
  const once = await wasmBytes(worker);
  await moue.reads('pick', oneColour(7_750, 7_740));
  console.log(`        the engine's memory after sixty megapixels: ${once / MIB} MiB, after sixty more: ${(await wasmBytes(worker)) / MIB} MiB`);
  assert.ok((await wasmBytes(worker)) - once <= 16 * MIB, 'what one took the next one takes again');
  assert.deepEqual(await moue.reads('pick', oneColour(10_000, 10_000)), [], 'the browser decodes it');
  assert.ok((await wasmBytes(worker)) - once <= 16 * MIB, 'and hands over a smaller one');
  // Among others it stops none of them.
  await moue.pick([await fixture('happy.png'), oneColour(12_000, 12_000), text(), await fixture('surprise.png')]);
  await progress(page, 4);
  const states = await moue.id('album-photo').evaluateAll((all) => all.map((one) => one.dataset.state));
  assert.deepEqual(states, ['read', 'refused', 'refused', 'read']);
});
