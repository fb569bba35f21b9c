// Consent, the camera's controls, what is shown live.

import assert from 'node:assert/strict';
import { CONSENT, sleep, test } from './harness.mjs';
import { assertClosed, tracks, watch } from './watch.mjs';

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

test('consent is remembered, asked for again with another text, and can be withdrawn', FIRST, async (moue, page) => {
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
