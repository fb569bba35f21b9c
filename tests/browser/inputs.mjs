// Several photos, folders, videos, the sample.

import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, text, truncated } from './files.mjs';
import { assertReading, test, top } from './harness.mjs';
import { recorded } from './recorded.mjs';

const cpu = { query: 'engine=cpu' };

test('inputs: the sample shows three faces before anything is granted', cpu, async (moue, page) => {
  const asked = [];
  page.on('request', (request) => /^https?:/.test(request.url()) && asked.push(request.url()));
  await moue.screenshot('first-visit');
  await moue.id('sample').click();
  await moue.id('face').nth(2).waitFor();
  const faces = await moue.faces();
  assert.deepEqual(faces.map(top).sort(), ['happy', 'neutral', 'surprise']);
  assert.equal(await moue.id('notice').getAttribute('data-code'), 'sample');
  assert.deepEqual(asked, [], 'the sample is no request');
  await moue.screenshot('sample');
});

test('inputs: several photos become an album, and a damaged one does not stop it', cpu, async (moue, page) => {
  const files = [await fixture('happy.png'), await truncated(), await fixture('surprise.png'), await fixture('no-face.png'), text()];
  await moue.pick(files);
  await page.waitForSelector('[data-testid="album-progress"][data-done="5"]');
  const states = await moue.id('album-photo').evaluateAll((all) => all.map((one) => one.dataset.state));
  assert.deepEqual(states, ['read', 'refused', 'read', 'read', 'refused']);
  assert.equal(await moue.id('album-progress').getAttribute('data-refused'), '2');
  assert.equal(top((await moue.faces())[0]), 'happy', 'the first is shown');
  await moue.id('album-photo').nth(2).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="album-photo"]')[2].hasAttribute('aria-current'));
  assert.equal(top((await moue.faces())[0]), 'surprise', 'the chosen one is shown');
  await moue.screenshot('album');
  await moue.id('album-photo').nth(1).click();
  assert.equal(await moue.id('error').getAttribute('data-code'), 'truncated-file');
  await moue.screenshot('album-refused');
  await moue.id('clear').click();
  assert.equal(await moue.id('album').count(), 0, 'starting over lets go of them');
  assert.equal(await moue.id('sample').count(), 1);
});

test('inputs: a folder is read in the order of its names, without what is no picture', cpu, async (moue, page) => {
  const folder = await mkdtemp(join(tmpdir(), 'photos-'));
  try {
    await mkdir(join(folder, 'more'));
    const { buffer } = await fixture('happy.png');
    for (const name of ['a10.png', 'a2.png', 'more/b.png']) await writeFile(join(folder, name), buffer);
    await writeFile(join(folder, 'notes.txt'), 'no picture');
    await moue.id('folder-input').setInputFiles(folder);
    await page.waitForSelector('[data-testid="album-progress"][data-done="3"]');
    const names = await page.locator('.album__name').allTextContents();
    assert.deepEqual(names, ['a2.png', 'a10.png', 'b.png']);
    for (const name of ['a10.png', 'a2.png', 'more/b.png']) await rm(join(folder, name));
    await moue.id('folder-input').setInputFiles(folder);
    await moue.id('error').waitFor();
    assert.equal(await moue.id('error').getAttribute('data-code'), 'folder-no-pictures');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('inputs: five hundred photos can be stopped and looked at', cpu, async (moue, page) => {
  const one = await fixture('hard/light-skin.jpg');
  await moue.pick(Array.from({ length: 500 }, (_, index) => ({ ...one, name: `photo ${index}.jpg`, buffer: one.buffer })));
  await page.waitForFunction(() => Number(document.querySelector('[data-testid="album-progress"]')?.dataset.done) >= 5);
  await moue.id('album-toggle').click();
  assert.equal(await moue.id('album-photo').count(), 500);
  await page.waitForFunction(() => !document.querySelector('[data-testid="album-photo"][data-state="reading"]'));
  await moue.screenshot('album-500', { fullPage: false });
  await moue.id('album-photo').nth(400).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="album-photo"]')[400].dataset.state === 'read');
  assert.equal(await moue.id('album-toggle').getAttribute('data-running'), 'false', 'the others still wait');
});

test('inputs: a video plays through on its own clock, and keeps its reading', cpu, async (moue, page) => {
  await moue.pick(await recorded(page, { seconds: 3, name: 'sway.webm' }));
  await moue.id('face').first().waitFor();
  assertReading((await moue.faces())[0]);
  assert.equal(top((await moue.faces())[0]), 'happy');
  await moue.id('video-toggle').click();
  await page.waitForSelector('[data-testid="video-toggle"][data-paused="true"]');
  const time = () => page.evaluate(() => document.querySelector('video').currentTime);
  const progress = moue.id('video-progress');
  await progress.focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.querySelector('video').currentTime === 0);
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('video').currentTime > 0);
  assert.ok((await time()) < 1, 'one step is a small one');
  await moue.screenshot('video');
  await page.setViewportSize({ width: 390, height: 844 });
  await moue.screenshot('video-phone');
  await moue.id('video-speed').selectOption('4');
  assert.equal(await page.evaluate(() => document.querySelector('video').playbackRate), 4);
  await moue.id('video-toggle').click();
  await page.waitForSelector('[data-testid="video-progress"][data-ended="true"]');
  assert.equal((await moue.faces()).length, 1, 'the reading stays');
  await moue.id('clear').click();
  assert.equal(await page.evaluate(() => document.querySelector('video').getAttribute('src')), null, 'the file is let go of');
});

/**
 * A browser that does not know a video's length before it was at the end, and whose clock of it begins after
 * 0, as where its first picture has a later time.
 */
function beginsLate() {
  const clock = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
  const length = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'duration');
  window.seeks = [];
  Object.defineProperty(HTMLMediaElement.prototype, 'duration', {
    get() {
      return window.seeks.length === 0 ? Infinity : length.get.call(this);
    },
  });
  Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', {
    get() {
      return Math.max(clock.get.call(this), 0.04);
    },
    set(seconds) {
      window.seeks.push(seconds);
      clock.set.call(this, seconds);
    },
  });
}

test('inputs: a video without a length whose time begins after 0 plays', { ...cpu, before: beginsLate }, async (moue, page) => {
  await moue.pick(await recorded(page, { seconds: 1, name: 'late.webm' }));
  await moue.id('face').first().waitFor();
  const seeks = await page.evaluate(() => window.seeks);
  assert.ok(seeks.length === 2, `it seeked to ${seeks.slice(0, 10)}`);
});

test('inputs: a video without a decoder says so', cpu, async (moue) => {
  const answer = await moue.refuses('pick', { name: 'film.avi', mimeType: 'video/x-msvideo', buffer: Buffer.from('RIFF....AVI no film at all') });
  assert.equal(answer.code, 'video-unsupported');
  assert.match(answer.sentence, /MP4|WebM/);
  await moue.screenshot('video-unsupported');
});
