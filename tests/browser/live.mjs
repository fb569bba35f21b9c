// Consent, the camera's controls, what is shown live.

import assert from 'node:assert/strict';
import { fixture } from './files.mjs';
import { CONSENT, sleep, test } from './harness.mjs';
import { assertClosed, sent, tracks, watch } from './watch.mjs';

const FIRST = { query: 'engine=cpu', before: watch, consents: false };
const kept = (page) => page.evaluate((key) => localStorage.getItem(key), CONSENT[0]);
const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true }],
  ['rtl', { locale: 'ar', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
  ['small', { viewport: { width: 320, height: 568 } }],
];

/** How many times the page asked for a camera. */
const asked = (page) => page.evaluate(() => window.asked);

test('no camera is asked for before the visitor agrees', FIRST, async (moue, page) => {
  const dialog = moue.id('consent');
  assert.equal(await dialog.isVisible(), false);
  assert.equal(await moue.id('consent-withdraw').count(), 0, 'nothing to withdraw yet');
  await moue.id('camera-start').click();
  await dialog.waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('[data-testid="consent"]').matches(':modal')), true);
  await sleep(500);
  assert.equal(await asked(page), 0, 'the question alone asks for no camera');
  await moue.id('consent-decline').click();
  await dialog.waitFor({ state: 'hidden' });
  // The Escape key is a no as well, and the question comes again.
  await moue.id('camera-start').click();
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await asked(page), 0, 'a no asks for no camera');
  assert.equal(await kept(page), null);
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), 'camera-start', 'the focus goes back');
  await moue.id('camera-start').click();
  await moue.id('consent-agree').click();
  await moue.id('camera-stop').waitFor();
  await page.waitForFunction(() => window.streams.length === 1);
  assert.equal(await asked(page), 1);
  assert.equal(await kept(page), CONSENT[1], 'the answer is remembered');
});

/** WebKit complains so of a blob of its own when a page is loaded for the third time. */
const RELOADED = { ...FIRST, may_log: /^Refused to connect to blob:/ };

test('consent is remembered, asked for again with another text, and can be withdrawn', RELOADED, async (moue, page) => {
  const restart = async () => {
    await page.reload();
    await moue.arrives('ready');
  };
  await page.evaluate(([key]) => localStorage.setItem(key, 'an older text'), CONSENT);
  await restart();
  await moue.id('camera-start').click();
  await moue.id('consent').waitFor();
  await moue.id('consent-agree').click();
  await page.waitForFunction(() => window.streams.length === 1);
  await restart();
  await moue.id('camera-start').click();
  await page.waitForFunction(() => window.streams.length === 1);
  assert.equal(await moue.id('consent').isVisible(), false, 'it is asked once');
  // The page moves as the camera opens.
  await moue.id('camera-stop').first().waitFor();
  await moue.id('consent-withdraw').click();
  await assertClosed(moue, page);
  assert.equal(await kept(page), null);
  assert.equal(await moue.id('notice').getAttribute('data-code'), 'consent-withdrawn');
  assert.equal(await moue.id('consent-withdraw').count(), 0);
  await moue.id('camera-start').click();
  await moue.id('consent').waitFor();
  assert.equal(await asked(page), 1);
});

test('where nothing can be stored, consent holds for the visit', {
  ...FIRST,
  before: `(${watch})(); Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('as a test', 'SecurityError'); } });`,
}, async (moue, page) => {
  await moue.id('camera-start').click();
  await moue.id('consent-agree').click();
  await page.waitForFunction(() => window.streams.length === 1);
  await moue.id('camera-stop').click();
  await moue.id('camera-start').click();
  await page.waitForFunction(() => window.streams.length === 2);
  assert.equal(await moue.id('consent').isVisible(), false);
  await moue.id('consent-withdraw').click();
  await assertClosed(moue, page);
});

for (const [look, context] of LOOKS) {
  test(`the question before the camera looks right: ${look}`, { ...FIRST, context }, async (moue, page) => {
    await moue.id('camera-start').click();
    await moue.id('consent').waitFor();
    const { scroll, client } = await page.evaluate(() => {
      const dialog = document.querySelector('[data-testid="consent"]');
      return { scroll: dialog.scrollWidth, client: dialog.clientWidth };
    });
    assert.ok(scroll <= client, 'nothing runs over its edge');
    await moue.screenshot(`consent-${look}`, { fullPage: false });
  });
}

/** Starts the camera and waits until it is read. */
async function live(moue, page) {
  await moue.id('camera-start').click();
  await moue.id('face').first().waitFor();
  assert.deepEqual(await tracks(page), ['live']);
}

const AGREED = { query: 'engine=cpu', before: watch };

test('while the camera is on, the page and the tab say so, and one click stops it', AGREED, async (moue, page) => {
  const light = moue.id('light');
  const title = await page.title();
  assert.equal(await light.count(), 0);
  await live(moue, page);
  assert.equal(await light.getAttribute('data-state'), 'on');
  assert.match(await light.innerText(), /Camera on/);
  assert.equal(await page.title(), `● Camera on · ${title}`);
  const inside = await page.evaluate(() => {
    const [light, frame] = ['light', 'drop-zone'].map((id) => document.querySelector(`[data-testid="${id}"]`).getBoundingClientRect());
    return light.left >= frame.left && light.right <= frame.right && light.top >= frame.top && light.bottom <= frame.bottom;
  });
  assert.ok(inside, 'the light is on the stage');
  await moue.id('light-stop').click();
  assert.equal(await light.count(), 0);
  await assertClosed(moue, page);
  assert.equal(await page.title(), title);
});

test('the light pulses', { ...AGREED, context: { reducedMotion: 'no-preference' } }, async (moue, page) => {
  await live(moue, page);
  const pulses = () => page.evaluate(() => document.querySelector('.light__dot').getAnimations().some((it) => it.playState === 'running'));
  assert.equal(await pulses(), true);
  // Boxes go from one reading to the next at the display's rate, without a new layout of the page.
  const glides = () => page.evaluate(() => {
    const { transitionProperty, transitionDuration } = getComputedStyle(document.querySelector('[data-testid="face-box"]'));
    return transitionProperty.includes('transform') && Number.parseFloat(transitionDuration) > 0.05;
  });
  assert.equal(await glides(), true);
});

test('the light stands still where motion is not wanted', AGREED, async (moue, page) => {
  await live(moue, page);
  assert.deepEqual(await page.evaluate(() => document.querySelector('.light__dot').getAnimations().map((it) => it.playState)), []);
});

test('a pause holds the picture and reads nothing, and the camera is plainly on', AGREED, async (moue, page) => {
  await live(moue, page);
  await moue.id('camera-pause').click();
  assert.equal(await moue.id('light').getAttribute('data-state'), 'paused');
  assert.match(await page.title(), /Camera on, paused/);
  assert.deepEqual(await tracks(page), ['live'], 'the camera is on, as the page says');
  await sleep(500);
  const frame = () => page.evaluate(() => {
    const video = document.querySelector('video');
    return [video.paused, video.currentTime];
  });
  const [before, counted] = [await frame(), await sent(page)];
  assert.equal(before[0], true);
  await sleep(1500);
  assert.deepEqual(await frame(), before, 'the picture stands still');
  assert.equal(await sent(page), counted, 'nothing is read');
  assert.equal(await moue.id('face').count(), 1, 'what was read stays');
  await moue.screenshot('live-paused');
  await moue.id('camera-pause').click();
  await page.waitForFunction((counted) => window.sent > counted + 2, counted);
  assert.equal(await moue.id('light').getAttribute('data-state'), 'on');
  await moue.id('camera-pause').click();
  await moue.id('camera-stop').click();
  await assertClosed(moue, page);
  await moue.id('camera-start').click();
  await moue.id('face').first().waitFor();
  assert.deepEqual((await tracks(page)).slice(-1), ['live']);
  assert.equal(await moue.id('light').getAttribute('data-state'), 'on', 'a new start is not paused');
});

/** The middle of the first box and the shown picture's, in pixels of the window. */
const middles = (page) => page.evaluate(() => {
  const middle = (selector) => {
    const { left, right } = document.querySelector(selector).getBoundingClientRect();
    return (left + right) / 2;
  };
  return { box: middle('[data-testid="face-box"]'), picture: middle('video') };
});

test('the mirror can be switched, and the boxes go with it', AGREED, async (moue, page) => {
  await live(moue, page);
  await moue.id('camera-pause').click();
  await sleep(300);
  const mirrored = (wanted) => page.waitForFunction((wanted) => getComputedStyle(document.querySelector('video')).transform.startsWith('matrix(-1') === wanted, wanted);
  // A camera is a mirror at first.
  await mirrored(true);
  const before = await middles(page);
  await moue.id('mirror').uncheck();
  await mirrored(false);
  await sleep(200);
  const after = await middles(page);
  assert.ok(Math.abs(before.box - before.picture + (after.box - after.picture)) < 2, `${JSON.stringify([before, after])}`);
  await moue.id('camera-stop').click();
  await moue.id('camera-start').click();
  await moue.id('mirror').waitFor();
  assert.equal(await moue.id('mirror').isChecked(), false, 'it stays with the camera');
});

test('another camera can be chosen, and the one before is closed', { ...AGREED, browser: 'cameras' }, async (moue, page) => {
  const running = (count) => page.waitForFunction((count) => window.streams.length === count, count);
  await moue.id('camera-start').click();
  await running(1);
  const choice = moue.id('camera-choice');
  await choice.waitFor();
  const ids = await choice.locator('option').evaluateAll((options) => options.map((option) => option.value));
  assert.equal(new Set(ids).size, 2, `${ids}`);
  const current = () => page.evaluate(() => window.streams.at(-1).getTracks()[0].getSettings().deviceId);
  assert.equal(await choice.inputValue(), await current());
  const other = ids.find((id) => id !== ids[0]);
  const first = await current();
  await choice.selectOption(first === other ? ids[0] : other);
  await running(2);
  assert.deepEqual(await tracks(page), ['ended', 'live'], 'one camera at a time');
  assert.notEqual(await current(), first);
  await page.waitForFunction(() => document.querySelector('video').readyState >= 2);
  assert.equal(await choice.inputValue(), await current());
  await moue.screenshot('camera-choice');
  // It is chosen for the next start as well.
  const chosen = await current();
  await moue.id('light-stop').click();
  await moue.id('camera-start').click();
  await running(3);
  assert.equal(await current(), chosen);
  // A camera that is pulled out is offered no more.
  await page.evaluate((gone) => {
    const { mediaDevices } = navigator;
    const list = mediaDevices.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => (await list()).filter((device) => device.deviceId !== gone);
    mediaDevices.dispatchEvent(new Event('devicechange'));
  }, first);
  await choice.waitFor({ state: 'detached' });
});

/** Starts the camera where there is a choice, and returns what chooses another one. */
async function withChoice(moue) {
  await moue.id('camera-start').click();
  const choice = moue.id('camera-choice');
  await choice.waitFor();
  const before = await choice.inputValue();
  const ids = await choice.locator('option').evaluateAll((options) => options.map((option) => option.value));
  return () => choice.selectOption(ids.find((id) => id !== before));
}

test('a camera that fails when it is chosen is told, and none stays open', { ...AGREED, browser: 'cameras' }, async (moue, page) => {
  const chooseOther = await withChoice(moue);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('as a test', 'NotReadableError'));
  });
  await chooseOther();
  await moue.id('error').waitFor();
  assert.equal(await moue.id('error').getAttribute('data-code'), 'camera-in-use');
  assert.equal(await moue.id('light').count(), 0);
  await assertClosed(moue, page);
});

test('a chosen camera that is gone gives way to another one', { ...AGREED, browser: 'cameras' }, async (moue, page) => {
  const chooseOther = await withChoice(moue);
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    // As WebKit says it, whose error is no DOMException.
    const gone = { name: 'OverconstrainedError', message: 'Invalid constraint', constraint: '' };
    mediaDevices.getUserMedia = (wishes) => (wishes.video.deviceId ? Promise.reject(gone) : open(wishes));
  });
  await chooseOther();
  await page.waitForFunction(() => window.streams.length === 2);
  assert.deepEqual(await tracks(page), ['ended', 'live']);
  assert.equal(await moue.id('error').count(), 0);
});

test('each face has one colour and one number, on its box and on its card', { query: 'engine=cpu' }, async (moue, page) => {
  const marks = () => page.evaluate(() => {
    const of = (id, number) => [...document.querySelectorAll(`[data-testid="${id}"]`)].map((element) => ({
      colour: element.dataset.colour,
      number: element.querySelector(number).innerText.replace(/\D+/g, ''),
      paint: getComputedStyle(element.querySelector(number)).backgroundColor,
    }));
    return { boxes: of('face-box', '.box__number'), cards: of('face', '.face__number [aria-hidden]') };
  });
  await moue.reads('drop', await fixture('happy.png'));
  let { boxes, cards } = await marks();
  assert.deepEqual(boxes.map(({ number, colour }) => [number, colour]), [['1', '0']], 'one face has them too');
  await moue.reads('drop', await fixture('hard/three.jpg'));
  ({ boxes, cards } = await marks());
  assert.ok(boxes.length >= 2, `${boxes.length} boxes`);
  assert.deepEqual(boxes.map(({ number, colour }) => [number, colour]), cards.map(({ number, colour }) => [number, colour]));
  assert.equal(new Set(boxes.map(({ paint }) => paint)).size, Math.min(8, boxes.length), 'the colours differ');
  await moue.screenshot('live-two-faces');
});

test('the details say how fast it goes and where the time goes', AGREED, async (moue, page) => {
  const panel = moue.id('details-panel');
  assert.equal(await panel.count(), 0);
  assert.equal(await moue.id('details').getAttribute('aria-expanded'), 'false');
  await live(moue, page);
  await moue.id('details').click();
  assert.equal(await moue.id('details').getAttribute('aria-expanded'), 'true');
  const figure = async (id) => Number.parseFloat((await moue.id(`details-${id}`).innerText()).replace(',', '.'));
  await page.waitForFunction(() => {
    const figures = ['display', 'readings', 'capture', 'detect', 'network', 'total'];
    return figures.every((id) => /\d/.test(document.querySelector(`[data-testid="details-${id}"]`)?.innerText ?? ''));
  });
  await sleep(2500);
  const [display, readings] = [await figure('display'), await figure('readings')];
  assert.ok(display > 0 && readings > 0 && readings <= display + 1, `${display} and ${readings} per second`);
  assert.ok(readings <= 16, 'no more readings than anyone can follow');
  const parts = [];
  for (const id of ['capture', 'detect', 'network']) parts.push(await figure(id));
  const total = await figure('total');
  assert.ok(parts.every((part) => part > 0) && parts.reduce((sum, part) => sum + part) <= total * 1.3 + 2, `${parts} of ${total}`);
  assert.match(await moue.id('details-size').innerText(), /^\d+ × \d+/);
  assert.match(await moue.id('details-in-flight').innerText(), /^[01] /);
  assert.equal(await moue.id('details-engine').innerText(), 'CPU');
  console.log(`        ${(await panel.innerText()).split('\n').filter(Boolean).join(' ')}`);
  await moue.screenshot('live-details');
  await moue.id('details').click();
  assert.equal(await panel.count(), 0);
});

test('a slow device reads one frame at a time and never queues', { ...AGREED, before: `(${watch})(); (${slow})();` }, async (moue, page) => {
  await moue.id('camera-start').click();
  await page.waitForFunction(() => window.answered >= 5);
  assert.equal(await page.evaluate(() => window.most), 1, 'one frame in flight at most');
});

/** Holds every answer of the worker back for half a second, and counts frames under way. */
function slow() {
  window.answered = 0;
  window.most = 0;
  let under_way = 0;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function counted(message, ...rest) {
    if (/^{"frame":/.test(message?.[0])) window.most = Math.max(window.most, (under_way += 1));
    return post.call(this, message, ...rest);
  };
  const listen = Worker.prototype.addEventListener;
  Worker.prototype.addEventListener = function slowed(kind, listener, ...rest) {
    const late = (event) => {
      const answers = kind === 'message' && /^{"result":/.test(event.data);
      const pass = () => (typeof listener === 'function' ? listener.call(this, event) : listener.handleEvent(event));
      if (!answers) return pass();
      setTimeout(() => {
        under_way -= 1;
        window.answered += 1;
        pass();
      }, 500);
    };
    return listen.call(this, kind, late, ...rest);
  };
}

for (const [look, context] of LOOKS) {
  test(`the camera's page looks right: ${look}`, { ...AGREED, context }, async (moue, page) => {
    await live(moue, page);
    await moue.id('details').click();
    await page.waitForFunction(() => ['display', 'total'].every((id) => /\p{Nd}/u.test(document.querySelector(`[data-testid="details-${id}"]`).innerText)));
    const { scroll, client } = await page.evaluate(() => document.documentElement && ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    assert.ok(scroll <= client, `the page is ${scroll} pixels wide in a window of ${client}`);
    await moue.screenshot(`live-${look}`);
  });
}
