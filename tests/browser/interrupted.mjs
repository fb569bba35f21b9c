// What comes between a question and its answer: an engine that crashes, another photo, a video whose
// frames cannot be taken.

import assert from 'node:assert/strict';
import { mask } from './device.mjs';
import { fixture } from './files.mjs';
import { assertReading, test, top } from './harness.mjs';
import { recorded } from './recorded.mjs';
import { runFirst } from './worker.mjs';

const MARK = 'POISON';
const may_log = /as a test/;

/** Runs in the engine's worker: it crashes under a picture that ends with the mark. */
function crash() {
  addEventListener('message', (event) => {
    const bytes = Array.isArray(event.data) ? event.data[1] : null;
    const end = bytes instanceof ArrayBuffer ? String.fromCharCode(...new Uint8Array(bytes).slice(-6)) : '';
    if (end !== 'POISON') return;
    event.stopImmediatePropagation();
    setTimeout(() => {
      throw new Error('as a test');
    });
  });
}

/** A fixture under which the engine crashes. */
async function poisoned(name) {
  const file = await fixture('happy.png');
  return { ...file, name, buffer: Buffer.concat([file.buffer, Buffer.from(MARK)]) };
}

const idle = (page) => page.waitForFunction(() => !document.querySelector('.stage__frame--busy'));

test('a worker that crashes under a photo where there is WebGPU is replaced by one without, and nobody waits for the photo', { browser: 'gpu', tamper: runFirst(mask, crash), may_log }, async (moue, page) => {
  const { code } = await moue.refuses('pick', await poisoned('poison.png'));
  assert.equal(code, 'engine-fell-back');
  await page.waitForFunction(() => document.querySelector('[data-testid="engine"]')?.dataset.detail.startsWith('the engine crashed'));
  await idle(page);
  await moue.screenshot('crashed-photo');
  assert.equal(top((await moue.reads('pick', await fixture('surprise.png')))[0]), 'surprise');
});

test('a photo that crashes the engine costs an album that photo alone', { query: 'engine=cpu', tamper: runFirst(crash), may_log }, async (moue, page) => {
  const [happy, surprise] = [await fixture('happy.png'), await fixture('surprise.png')];
  await moue.pick([happy, await poisoned('poison.png'), surprise]);
  await page.waitForSelector('[data-testid="album-progress"][data-done="3"]', { timeout: 120_000 });
  const states = () => moue.id('album-photo').evaluateAll((photos) => photos.map((photo) => photo.dataset.state));
  assert.deepEqual(await states(), ['read', 'refused', 'read']);
  assert.equal(top((await moue.faces())[0]), 'happy', 'what was read is kept');
  await moue.id('album-photo').nth(1).click();
  assert.equal(await moue.id('error').getAttribute('data-code'), 'photo-crashed');
  await moue.screenshot('album-crashed');
  await moue.id('album-photo').nth(2).click();
  await page.waitForFunction(() => document.querySelector('[data-testid="bar-surprise"]')?.dataset.probability > 0.4);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.state), 'ready');
});

/** The bytes of every file but the first come late. */
function opensSlowly() {
  const { arrayBuffer } = Blob.prototype;
  let opened = 0;
  Blob.prototype.arrayBuffer = async function () {
    opened += 1;
    if (opened > 1) await new Promise((resolve) => setTimeout(resolve, 4000));
    return arrayBuffer.call(this);
  };
}

test('a photo that was chosen after another is the one that is answered', { query: 'engine=cpu', before: opensSlowly }, async (moue, page) => {
  const [crowd, surprise] = [await fixture('crowd.png'), await fixture('surprise.png')];
  await page.evaluate(() => {
    window.shown = 0;
    new MutationObserver(() => {
      window.shown = Math.max(window.shown, document.querySelectorAll('[data-testid="face"]').length);
    }).observe(document.body, { childList: true, subtree: true });
  });
  await moue.pick(crowd);
  await moue.pick(surprise);
  await page.locator('.stage__frame--busy').waitFor();
  await page.waitForTimeout(3000);
  assert.equal(await moue.id('face').count(), 0, 'the answer about the first photo is not shown');
  assert.equal(await page.locator('.stage__frame--busy').count(), 1, 'the second one is still waited for');
  await moue.id('face').first().waitFor();
  assert.equal(await page.evaluate(() => window.shown), 1, 'faces of the crowd were shown');
  const [face] = await moue.faces();
  assertReading(face);
  assert.equal(top(face), 'surprise');
  await idle(page);
});

/** No frame of a playing video can be read back; what the page draws itself can. */
function keepsFrames() {
  const { getImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.getImageData = function (...area) {
    if (window.keeps && this.canvas.width > 8) throw new DOMException('as a test', 'SecurityError');
    return getImageData.apply(this, area);
  };
}

test('a video whose frames cannot be taken ends and says so, without a word of the camera', { query: 'engine=cpu', before: keepsFrames }, async (moue, page) => {
  const clip = await recorded(page, { seconds: 1, name: 'kept.webm' });
  await page.evaluate(() => (window.keeps = true));
  const { code, sentence } = await moue.refuses('pick', clip);
  assert.equal(code, 'video-unreadable');
  assert.doesNotMatch(sentence, /camera/i);
  assert.equal(await page.evaluate(() => document.querySelector('video').getAttribute('src')), null, 'the file is let go of');
  await idle(page);
});
