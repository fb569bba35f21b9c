// Unsure, quality, attention, baseline.

import assert from 'node:assert/strict';
import { fixture } from './files.mjs';
import { assertReading, test, top } from './harness.mjs';
import { studio } from './studio.mjs';

/** A fixture drawn anew through a canvas filter, `scale` times as large, in the middle of a frame `frame` times as large. */
async function spoiled(page, name, { filter = 'none', scale = 1, frame = 1 }) {
  const { buffer } = await fixture(name);
  const base64 = await (await studio(page)).evaluate(
    async ([base64, filter, scale, frame]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: picture.width * frame, height: picture.height * frame });
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      context.filter = filter;
      context.fillStyle = '#8a8a8a';
      context.fillRect(0, 0, canvas.width, canvas.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      context.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
      return canvas.toDataURL('image/png').split(',')[1];
    },
    [buffer.toString('base64'), filter, scale, frame],
  );
  return { name: 'spoiled.png', mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') };
}

/** How often a bar of each face stands out. */
const highlighted = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-testid="face"]')].map((face) => {
      const looks = [...face.querySelectorAll('.bar')].map((bar) => {
        const [own, track, fill] = [bar, ...bar.querySelectorAll('.bar__track, .bar__fill')].map((it) => getComputedStyle(it));
        return [own.color, own.fontWeight, track.height, fill.backgroundColor].join(' ');
      });
      return looks.length - Math.max(...looks.map((look) => looks.filter((other) => other === look).length));
    }),
  );

/** The card's word of what is wrong, and the two texts that people see. */
async function quality(moue) {
  const hint = moue.id('quality').first();
  return {
    code: await hint.getAttribute('data-quality'),
    verdict: await moue.id('verdict').first().innerText(),
    help: await hint.innerText(),
  };
}

const POOR = [
  ['too-dark', { filter: 'brightness(0.15)' }, /dark.*light/is],
  ['too-bright', { filter: 'brightness(2.6)' }, /bright.*light/is],
  ['low-contrast', { filter: 'contrast(0.16)' }, /contrast.*lens/is],
  ['too-small', { scale: 0.05, frame: 0.4 }, /small.*closer/is],
];

for (const [code, how, words] of POOR) {
  test(`a face that is ${code} is given no label and is told what helps`, { query: 'engine=cpu' }, async (moue, page) => {
    const [face] = await moue.reads('pick', await spoiled(page, 'happy.png', how));
    assertReading(face);
    const found = await quality(moue);
    assert.equal(found.code, code);
    assert.match(`${found.verdict} ${found.help}`, words);
    assert.doesNotMatch(found.verdict, /looks/, 'no label is claimed');
    assert.deepEqual(await highlighted(page), [0], 'and no bar stands out');
    await moue.screenshot(`quality-${code}`);
  });
}

test('a plain face is given its label and no hint', { query: 'engine=cpu' }, async (moue, page) => {
  const [face] = await moue.reads('pick', await fixture('happy.png'));
  assert.equal(top(face), 'happy');
  assert.match(face.verdict, /happy/);
  assert.equal(await moue.id('quality').count(), 0);
  assert.deepEqual(await highlighted(page), [1], 'the bar of what is named stands out');
});

test('a face whose likeliest expression is too unlikely is called unsure', { query: 'engine=cpu' }, async (moue, page) => {
  const { calibration } = await page.evaluate(async () => (await fetch('model/manifest.json')).json());
  const threshold = calibration.unsure_below;
  const faces = await moue.reads('pick', await fixture('crowd.png'));
  const largest = (face) => Math.max(...Object.values(face.probabilities));
  const [unsure, sure] = [faces.filter((face) => largest(face) < threshold), faces.filter((face) => largest(face) >= threshold)];
  assert.ok(unsure.length > 0 && sure.length > 0, `${unsure.length} unsure, ${sure.length} sure`);
  assert.ok(unsure.every((face) => !/looks/.test(face.verdict)), 'below the threshold nothing is claimed');
  assert.ok(sure.every((face) => /looks/.test(face.verdict)), 'above it something is');
  assert.equal(await page.locator('[data-quality="unsure"]').count(), unsure.length);
  const named = faces.map((face) => Number(/looks/.test(face.verdict)));
  assert.deepEqual(await highlighted(page), named, 'a bar stands out where something is claimed, and nowhere else');
  await page.locator('[data-quality="unsure"]').first().scrollIntoViewIfNeeded();
  await moue.screenshot('unsure', { fullPage: false });
});

/** What the shipped network gives for happy.png on either engine. */
const GATE = [0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.001, 0.043, 0.701];

async function assertGate(moue) {
  const values = (await moue.id('attention-map').first().getAttribute('data-values')).split(' ').map(Number);
  assert.equal(values.length, GATE.length);
  for (const [at, value] of values.entries()) {
    assert.ok(Math.abs(value - GATE[at]) < 0.015, `${values} is not ${GATE}`);
  }
}

for (const [browser, engine] of [['plain', 'cpu'], ['gpu', 'webgpu']]) {
  test(`attention is shown when asked for and goes again, on ${engine}`, { browser, query: `engine=${engine}` }, async (moue, page) => {
    assert.equal(await moue.id('attention').count(), 0, 'no picture, no switch');
    await moue.reads('pick', await fixture('happy.png'));
    assert.equal(await moue.id('attention').isChecked(), false);
    assert.equal(await moue.id('attention-map').count(), 0);
    await moue.id('attention').check();
    await moue.id('attention-map').waitFor();
    await assertGate(moue);
    assert.match(await moue.id('attention-legend').innerText(), /little[\s\S]*much/);
    const [map, box] = [await moue.id('attention-map').boundingBox(), await moue.id('face-box').boundingBox()];
    const middle = (rect) => [rect.x + rect.width / 2, rect.y + rect.height / 2];
    const [[mx, my], [bx, by]] = [middle(map), middle(box)];
    assert.ok(Math.hypot(mx - bx, my - by) < 0.05 * box.height, 'it lies over the face');
    await moue.screenshot(`attention-${engine}`);
    await moue.id('attention').uncheck();
    assert.equal(await moue.id('attention-map').count(), 0);
    assert.equal(await moue.id('attention-legend').count(), 0);
  });
}

/** Makes the engine say that its network tells nothing of where it looked. */
function withoutGate() {
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
  Object.defineProperty(MessageEvent.prototype, 'data', {
    ...data,
    get() {
      const value = data.get.call(this);
      return typeof value === 'string' ? value.replace('"givesAttention":true', '"givesAttention":false') : value;
    },
  });
}

test('a model without a gate gets no switch', { query: 'engine=cpu', before: withoutGate }, async (moue) => {
  await moue.reads('pick', await fixture('happy.png'));
  assert.equal(await moue.id('attention').count(), 0);
});

/** Keeps what the page says to its worker. */
function overhear() {
  window.asked = [];
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function overheard(...message) {
    if (Array.isArray(message[0])) window.asked.push(JSON.parse(message[0][0]));
    return post.apply(this, message);
  };
}

async function play(moue) {
  await moue.id('camera-start').click();
  await moue.id('face').first().waitFor({ timeout: 60_000 });
}

const frames = (page) => page.evaluate(() => window.asked.filter(({ frame }) => frame).map(({ frame }) => frame.options.attention));

test('frames of the camera carry attention only while it is shown', { query: 'engine=cpu', before: overhear }, async (moue, page) => {
  await play(moue);
  assert.ok((await frames(page)).every((asked) => asked === false));
  await moue.id('attention').check();
  await moue.id('attention-map').waitFor();
  await moue.screenshot('attention-camera');
  await moue.id('attention').uncheck();
  await page.waitForFunction(() => window.asked.at(-1)?.frame?.options.attention === false);
  const all = await frames(page);
  assert.ok(all.includes(true) && all.at(-1) === false);
});

test('a neutral face is watched for three seconds, compared with, and forgotten', { query: 'engine=cpu' }, async (moue, page) => {
  await play(moue);
  await moue.id('baseline').first().click();
  await moue.id('baseline-hold').waitFor();
  assert.match(await moue.id('baseline-hold').innerText(), /[123]/);
  await moue.screenshot('baseline-watching');
  await moue.id('baseline-cancel').click();
  await moue.id('baseline').first().waitFor();
  assert.equal(await moue.id('baseline-on').count(), 0, 'what was cancelled is not kept');

  const [before] = await moue.faces();
  const started = Date.now();
  await moue.id('baseline').first().click();
  await moue.id('baseline-on').waitFor({ timeout: 20_000 });
  const took = (Date.now() - started) / 1000;
  assert.ok(took > 2.5, `it took ${took} s`);
  await page.waitForFunction(
    (before) => {
      const bar = document.querySelector('[data-testid="bar-neutral"]');
      return bar && Math.abs(Number(bar.dataset.probability) - before) > 0.02;
    },
    before.probabilities.neutral,
    { timeout: 20_000 },
  );
  const [after] = await moue.faces();
  assertReading(after);
  assert.ok(after.probabilities.neutral > before.probabilities.neutral, 'what was shown at rest reads more neutral');
  await moue.screenshot('baseline-on');

  await moue.id('baseline-drop').click();
  await moue.id('baseline').first().waitFor();
  await moue.id('baseline').first().click();
  await moue.id('baseline-hold').waitFor();
  await moue.id('camera-stop').click();
  assert.equal(await page.locator('[data-baseline]').count(), 0, 'it goes with the camera');
  await play(moue);
  assert.equal(await moue.id('baseline-hold').count() + (await moue.id('baseline-on').count()), 0, 'nothing is remembered');
});

/** A second camera that shows the same clip: Chromium has only one that plays a file. */
function secondCamera() {
  const { mediaDevices } = navigator;
  const [list, open] = [mediaDevices.enumerateDevices.bind(mediaDevices), mediaDevices.getUserMedia.bind(mediaDevices)];
  window.opened = 0;
  mediaDevices.enumerateDevices = async () => {
    const cameras = (await list()).filter(({ kind }) => kind === 'videoinput');
    const second = { deviceId: 'second', groupId: '', kind: 'videoinput', label: 'Second camera' };
    const facts = Object.fromEntries(Object.entries(second).map(([name, value]) => [name, { value }]));
    return [...cameras, Object.create(MediaDeviceInfo.prototype, facts)];
  };
  mediaDevices.getUserMedia = async ({ video, ...others }) => {
    const isSecond = JSON.stringify(video?.deviceId ?? '').includes('second');
    const stream = await open({ ...others, video: isSecond ? { ...video, deviceId: undefined } : video });
    const [track] = stream.getVideoTracks();
    const settings = track.getSettings.bind(track);
    if (isSecond) track.getSettings = () => ({ ...settings(), deviceId: 'second' });
    window.opened += 1;
    return stream;
  };
}

test('another camera shows somebody else: nobody there is compared with the face before', { query: 'engine=cpu', before: secondCamera }, async (moue, page) => {
  const change = async (from, to) => {
    const choice = moue.id('camera-choice');
    const ids = await choice.locator('option').evaluateAll((options) => options.map((option) => option.value));
    await choice.selectOption(ids.find((id) => (id === 'second') === (to === 'second')));
    await page.waitForFunction((opened) => window.opened === opened, from + 1);
    await moue.id('face').first().waitFor({ timeout: 60_000 });
  };
  await play(moue);
  await moue.id('baseline').first().click();
  await moue.id('baseline-on').waitFor({ timeout: 20_000 });
  await change(1, 'second');
  assert.equal(await moue.id('baseline-on').count(), 0, 'the neutral face of whoever was there is forgotten');
  // Nor does a watch go on with another face.
  await moue.id('baseline').first().click();
  await moue.id('baseline-hold').waitFor();
  await change(2, 'first');
  await page.waitForTimeout(4000);
  assert.equal(await moue.id('baseline-on').count(), 0, 'nobody was watched across');
  assert.equal(await moue.id('baseline-hold').count(), 0);
});

test('readings are told in both themes, on a phone and from right to left', { query: 'engine=cpu', context: { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'ar' } }, async (moue, page) => {
  await moue.reads('pick', await spoiled(page, 'happy.png', { filter: 'brightness(0.15)' }));
  assert.equal((await quality(moue)).code, 'too-dark');
  await moue.id('attention').check();
  await moue.id('attention-legend').waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, 'nothing is wider than the phone');
  await moue.screenshot('reading-phone-dark-rtl');
});
