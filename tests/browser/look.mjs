// How the page looks: screenshots to look at, and the few things about it that a program can judge.

import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fixture } from './files.mjs';
import { test } from './harness.mjs';
import { TEMPORARY } from './states.mjs';

const artifact = (name) => fileURLToPath(new URL(`artifacts/${name}`, import.meta.url));

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    const context = { colorScheme, viewport: { width, height: width === 360 ? 740 : 860 }, deviceScaleFactor: width === 360 ? 2 : 1 };
    test(`it looks right in ${colorScheme}, ${width} pixels wide`, { query: 'engine=cpu', context }, async (moue, page) => {
      const name = `${colorScheme}-${width}`;
      await moue.screenshot(`ready-${name}`);
      await moue.reads('drop', await fixture('happy.png'));
      await moue.screenshot(`reading-${name}`);
      const { scroll, client, paper } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
        paper: getComputedStyle(document.body).backgroundColor,
      }));
      assert.ok(scroll <= client, `the page is ${scroll} pixels wide in a window of ${client}`);
      const [red, green, blue] = paper.match(/[\d.]+/g).map(Number);
      const isDark = red + green + blue < 384;
      assert.equal(isDark, colorScheme === 'dark', `the background is ${paper}`);
      // The picture of the README: make picture
      if (process.env.PICTURE && colorScheme === 'light' && width === 1280) {
        await page.screenshot({ path: artifact('page.png') });
        await copyFile(artifact('page.png'), fileURLToPath(new URL('page.png', import.meta.url)));
      }
    });
  }
}

/** Every state that a visitor meets, as it looks on every kind of screen. */
const SCREENS = {
  light: { viewport: { width: 1280, height: 860 } },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  'small-dark-phone': { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
  tablet: { viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true },
  'right-to-left': { viewport: { width: 1280, height: 860 }, locale: 'ar' },
  'right-to-left-phone': { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'ar' },
};
/** No camera, for as long as the page says so. */
const before = `const real = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = function (...asked) {
  return window.unplugged ? Promise.reject(new DOMException('as a test', 'NotFoundError')) : real.apply(this, asked);
};`;

for (const [screen, context] of Object.entries(SCREENS)) {
  test(`every state looks right: ${screen}`, { query: 'engine=cpu', context, before }, async (moue, page) => {
    const look = async (state, part = null) => {
      // A picture of the whole page would be one without fingers; a window as tall as the page is none.
      const { width, height } = context.viewport;
      const tall = await page.evaluate(() => document.documentElement.scrollHeight);
      if (part) await part.evaluate((element) => element.scrollIntoView());
      else await page.setViewportSize({ width, height: tall });
      await moue.screenshot(`${screen}-${state}`, { fullPage: false });
      await page.setViewportSize({ width, height });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${state}: the page is ${over} pixels wider than its window`);
    };
    await look('1-first-visit');
    await moue.id('sample').click();
    await moue.id('face').nth(2).waitFor();
    await look('2-three-faces');
    await moue.reads('drop', await fixture('crowd.png'));
    const unsure = moue.id('face').filter({ has: page.locator('[data-quality="unsure"]') }).first();
    await unsure.waitFor();
    await look('3-unsure', unsure);
    await page.evaluate(() => (window.unplugged = true));
    await moue.id('camera-start').click();
    await moue.id('error').waitFor();
    await look('4-no-camera');
    await page.evaluate(() => (window.unplugged = false));
    await TEMPORARY['timeline of a recording'](moue, page);
    await look('6-recording');
    await moue.id('camera-start').click();
    await moue.id('face').first().waitFor();
    await page.waitForFunction(() => Number(document.querySelector('[data-testid="scrub-values"]')?.dataset.seconds) < 4);
    await page.waitForFunction(() => Number(document.querySelector('[data-testid="scrub-values"]').dataset.seconds) > 4);
    await look('5-live');
  });
}

test('loading looks right', { query: 'engine=cpu', arrive: null }, async (moue) => {
  await moue.id('progress').waitFor();
  await moue.screenshot('loading');
});
