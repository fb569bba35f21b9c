// The camera: played from a file, and closed whenever it should be.

import assert from 'node:assert/strict';
import { assertReading, sleep, test } from './harness.mjs';
import { assertClosed, look, play, sent, tracks, watch } from './watch.mjs';

test('a camera is not touched before it is asked for', { query: 'engine=cpu', before: watch }, async (moue, page) => {
  await sleep(1000);
  assert.deepEqual(await tracks(page), []);
});

test('the camera plays, is read again and again, and stops when asked', { query: 'engine=cpu', before: watch }, async (moue, page) => {
  moue.server.requests.length = 0;
  await play(moue, page);
  assertReading((await moue.faces())[0]);
  // A card lives as long as its face's number.
  await page.evaluate(() => (window.card = document.querySelector('[data-testid="face"]')));
  const first = await sent(page);
  await sleep(2500);
  const frames = (await sent(page)) - first;
  assert.ok(frames >= 3, `${frames} frames in 2.5 s`);
  assert.ok(await page.evaluate(() => window.card.isConnected), 'the face keeps its number');
  console.log(`        ${frames} frames in 2.5 s; ${await moue.id('timing').innerText()}`);
  await moue.screenshot('camera');
  await moue.id('camera-stop').click();
  await assertClosed(moue, page);
  assert.equal((await moue.faces()).length, 0, 'no reading stays behind');
  assert.deepEqual(moue.asked(), [], 'nothing is sent while it plays');
  await play(moue, page).catch(async () => assert.ok((await tracks(page)).includes('live'), 'it starts again'));
});

test('the camera is read on WebGPU too', { browser: 'gpu', query: 'engine=webgpu', before: watch }, async (moue, page) => {
  await play(moue, page);
  assertReading((await moue.faces())[0]);
  await moue.id('camera-stop').click();
  await assertClosed(moue, page);
});

test('the camera stops when its tab was hidden for ten seconds', { query: 'engine=cpu', before: watch }, async (moue, page) => {
  await play(moue, page);
  await look(page, 'hidden');
  await sleep(5000);
  await look(page, 'visible');
  await sleep(7000);
  assert.deepEqual(await tracks(page), ['live'], 'five seconds are too short');
  await look(page, 'hidden');
  await sleep(8000);
  assert.deepEqual(await tracks(page), ['live'], 'eight seconds are too short');
  await sleep(3500);
  assert.deepEqual(await tracks(page), ['ended'], 'ten seconds are not');
  await look(page, 'visible');
  await assertClosed(moue, page);
  assert.equal(await moue.id('notice').getAttribute('data-code'), 'camera-hidden');
  await moue.screenshot('camera-stopped-hidden');
});

test('the camera stops when the page goes', { query: 'engine=cpu', before: watch }, async (moue, page) => {
  await play(moue, page);
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  assert.deepEqual(await tracks(page), ['ended']);
});

test('the camera stops when a photo takes its place', { query: 'engine=cpu', before: watch }, async (moue, page) => {
  await play(moue, page);
  const { fixture } = await import('./files.mjs');
  await moue.reads('drop', await fixture('surprise.png'));
  await assertClosed(moue, page);
});

test('a camera that goes away by itself is told', { query: 'engine=cpu', before: watch }, async (moue, page) => {
  await play(moue, page);
  await page.evaluate(() => {
    const [track] = window.streams[0].getTracks();
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  await moue.id('error').waitFor();
  assert.equal(await moue.id('error').getAttribute('data-code'), 'camera-ended');
  await assertClosed(moue, page);
});

/** A camera that sends one shade of gray, `window.shade`, with a bright spot where `window.hasSpot`. */
function shaded() {
  window.shade = 4;
  MediaDevices.prototype.getUserMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const context = canvas.getContext('2d');
    const paint = () => {
      context.fillStyle = `rgb(${window.shade}, ${window.shade}, ${window.shade})`;
      context.fillRect(0, 0, 320, 240);
      context.fillStyle = 'white';
      if (window.hasSpot) context.fillRect(10, 10, 20, 20);
    };
    paint();
    setInterval(paint, 50);
    return canvas.captureStream(20);
  };
}

test('a black camera, a dark one and an empty room have sentences of their own', { query: 'engine=cpu', before: shaded }, async (moue, page) => {
  await moue.id('camera-start').click();
  const hint = moue.id('no-face');
  for (const [shade, hasSpot, sentence] of [[4, false, /picture is black/], [10, true, /too dark/], [120, true, /looks towards the camera/]]) {
    await page.evaluate(([shade, hasSpot]) => void Object.assign(window, { shade, hasSpot }), [shade, hasSpot]);
    await hint.filter({ hasText: sentence }).waitFor();
    assert.doesNotMatch(await hint.innerText(), /photo/);
    await moue.screenshot(`no-face-${shade}`);
  }
});

const REFUSALS = [
  ['NotAllowedError', 'camera-refused', /allow/i],
  ['NotFoundError', 'camera-missing', /connect|photo/i],
  ['NotReadableError', 'camera-in-use', /close/i],
  // WebKit's error for a missing camera is no DOMException.
  ['OverconstrainedError', 'camera-missing', /connect|photo/i, "{ name: 'OverconstrainedError', message: 'Invalid constraint', constraint: '' }"],
  ['nothing', 'camera-other', /Start it again(?![^]*detail)/, 'undefined'],
];

for (const [name, code, sentence, error = `new DOMException('as a test', '${name}')`] of REFUSALS) {
  const before = `MediaDevices.prototype.getUserMedia = () => Promise.reject(${error});`;
  test(`a camera that answers ${name} is told with a remedy`, { query: 'engine=cpu', before }, async (moue) => {
    await moue.id('camera-start').click();
    const error = moue.id('error');
    await error.waitFor();
    assert.equal(await error.getAttribute('data-code'), code);
    assert.match(await error.innerText(), sentence);
    assert.equal(await moue.id('camera-start').count(), 1, 'it can be tried again');
    await moue.screenshot(code);
  });
}
