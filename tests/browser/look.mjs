// How the page looks: screenshots to look at, and the few things about it that a program can judge.

import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fixture } from './files.mjs';
import { test } from './harness.mjs';

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

test('loading looks right', { query: 'engine=cpu', arrive: null }, async (moue) => {
  await moue.id('progress').waitFor();
  await moue.screenshot('loading');
});
