// Two people before the camera, and a camera that is held back.

import assert from 'node:assert/strict';
import { assertReading, sleep, test, top } from './harness.mjs';
import { assertClosed, play, sent, watch } from './watch.mjs';

const AGREED = { query: 'engine=cpu', before: watch };

/** Number, colour and what it looks like of every card, and the boxes' numbers from left to right. */
const shown = (page) => page.evaluate(() => ({
  cards: [...document.querySelectorAll('[data-testid="face"]')].map((card) => ({
    number: card.querySelector('.face__number [aria-hidden]').innerText,
    colour: card.dataset.colour,
    verdict: card.querySelector('[data-testid="verdict"]').innerText,
    is_first: window.firstCards?.includes(card) ?? true,
  })),
  boxes: [...document.querySelectorAll('[data-testid="face-box"]')]
    .map((box) => ({ left: box.getBoundingClientRect().left, number: box.querySelector('.box__number').innerText.replace(/\D+/g, ''), colour: box.dataset.colour }))
    .sort((a, b) => a.left - b.left)
    .map(({ number, colour }) => `${number}/${colour}`),
}));

test('two people before a camera keep their numbers, their colours and their cards', { ...AGREED, browser: 'pair' }, async (moue, page) => {
  await moue.id('camera-start').click();
  await moue.id('face').nth(1).waitFor();
  await page.evaluate(() => (window.firstCards = [...document.querySelectorAll('[data-testid="face"]')]));
  const first = await shown(page);
  assert.equal(first.cards.length, 2);
  assert.equal(new Set(first.cards.map(({ number }) => number)).size, 2, 'two numbers');
  assert.equal(new Set(first.cards.map(({ colour }) => colour)).size, 2, 'two colours');
  assert.deepEqual([...first.boxes].sort(), first.cards.map(({ number, colour }) => `${number}/${colour}`), 'a box has its card’s number and colour');
  const before = await sent(page);
  for (let round = 0; round < 25; round += 1) {
    await sleep(200);
    const now = await shown(page);
    assert.deepEqual(now.boxes, first.boxes, 'numbers and colours stay where they are');
    assert.ok(now.cards.length === 2 && now.cards.every((card) => card.is_first), 'the cards stay');
  }
  assert.ok((await sent(page)) - before > 5, 'frames were read all the while');
  const faces = await moue.faces();
  faces.forEach(assertReading);
  // The fake camera mirrors nothing, the page does: happy is on the left of what is read.
  assert.deepEqual(faces.map(top), ['happy', 'surprise']);
  assert.equal(await moue.id('error').count(), 0);
  await moue.screenshot('two-people');
  await moue.id('camera-stop').first().click();
  await assertClosed(moue, page);
});

/** What a device or its system does to a camera, told to the page as the browser tells it. */
const tells = (page, event) => page.evaluate((event) => window.streams.at(-1).getTracks()[0].dispatchEvent(new Event(event)), event);

test('a camera that sends no picture is told, and taken back when it sends one', AGREED, async (moue, page) => {
  await play(moue, page);
  const notice = moue.id('notice');
  for (let round = 0; round < 2; round += 1) {
    await tells(page, 'mute');
    await notice.waitFor();
    assert.equal(await notice.getAttribute('data-code'), 'camera-muted');
    assert.match(await notice.innerText(), /sends no picture right now/);
    assert.match(await moue.id('status').innerText(), /No picture/);
    assert.equal(await moue.id('face').count(), 0, 'nothing is claimed of a picture that is gone');
    await sleep(500);
    const counted = await sent(page);
    await sleep(1500);
    assert.equal(await sent(page), counted, 'nothing is read');
    assert.equal(await moue.id('light').getAttribute('data-state'), 'on', 'the camera is on all the same');
    if (round === 0) await moue.screenshot('camera-muted');
    await tells(page, 'unmute');
    await moue.id('face').first().waitFor();
    assert.equal(await notice.count(), 0, 'it is taken back');
  }
  await tells(page, 'mute');
  await notice.waitFor();
  await moue.id('camera-stop').first().click();
  await assertClosed(moue, page);
  assert.equal(await notice.count(), 0, 'a camera that is off is not waited for');
  await play(moue, page).catch(async () => assert.equal(await moue.id('face').count(), 1, 'it starts again'));
});

/** A camera that is held back from its first moment on. */
const HELD = "Object.defineProperty(MediaStreamTrack.prototype, 'muted', { get: () => window.held ?? true, configurable: true });";

test('a camera that is held back from the beginning is told too', { ...AGREED, before: `(${watch})(); ${HELD}` }, async (moue, page) => {
  await moue.id('camera-start').click();
  await moue.id('notice').waitFor();
  assert.equal(await moue.id('notice').getAttribute('data-code'), 'camera-muted');
  await sleep(1000);
  assert.equal(await moue.id('face').count(), 0);
  await page.evaluate(() => (window.held = false));
  await tells(page, 'unmute');
  await moue.id('face').first().waitFor();
  assert.equal(await moue.id('notice').count(), 0);
});
