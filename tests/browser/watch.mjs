// What a page does with cameras, watched from inside of it.

import assert from 'node:assert/strict';
import { sleep } from './harness.mjs';

/** Keeps every stream that the page gets, and counts what it sends to its worker. */
export function watch() {
  window.streams = [];
  window.sent = 0;
  window.asked = 0;
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    window.asked += 1;
    const stream = await open(constraints);
    window.streams.push(stream);
    return stream;
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function counted(...message) {
    window.sent += 1;
    return post.apply(this, message);
  };
}

/** The state of every track that the page ever got. */
export const tracks = (page) => page.evaluate(() => window.streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState)));
/** How many messages the page sent to its worker. */
export const sent = (page) => page.evaluate(() => window.sent);

/** Starts the camera of a visitor who agreed, and waits for a face. */
export async function play(moue, page) {
  await moue.id('camera-start').click();
  await moue.id('face').first().waitFor({ timeout: 60_000 });
  assert.deepEqual(await tracks(page), ['live']);
}

/** Fails unless every camera is closed and nothing goes on behind it. */
export async function assertClosed(moue, page) {
  const states = await tracks(page);
  assert.ok(states.length > 0 && states.every((state) => state === 'ended'), `tracks: ${states}`);
  assert.equal(await page.evaluate(() => document.querySelector('video')?.srcObject ?? null), null, 'the video lets go of the stream');
  assert.equal(await moue.id('camera-stop').count(), 0);
  assert.equal(await moue.id('camera-start').count(), 1);
  await sleep(500);
  const before = await sent(page);
  await sleep(2000);
  assert.equal(await sent(page), before, 'the worker gets nothing more to do');
}

/**
 * Makes the tab look hidden or seen to the page. A headless browser calls every tab seen, another in front or not, and
 * goes on painting it; in a hidden one no frame is asked for in the first place.
 */
export const look = (page, state) =>
  page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);
