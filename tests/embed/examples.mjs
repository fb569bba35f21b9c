// The examples of docs/embedding.md, each as it stands there: in a page, in fresh projects of Vite.

import assert from 'node:assert/strict';
import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { fixturePath } from '../browser/files.mjs';
import { serve } from '../browser/server.mjs';
import { freshProject } from './bundlers.mjs';
import { PACKAGE, STRICT, agree, test } from './harness.mjs';

const EXAMPLES = fileURLToPath(new URL('examples/', import.meta.url));
const ARTIFACTS = fileURLToPath(new URL('artifacts/', import.meta.url));

/** Starts the camera, shares, and waits until the page says what it was told. */
async function isTold(browser, url) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const complaints = [];
    // Every browser asks a site for an icon; these have none.
    const isIcon = (message) => message.location().url.endsWith('/favicon.ico');
    page.on('console', (message) => message.type() === 'error' && !isIcon(message) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await agree(page, { shares: true });
    await page.waitForFunction(() => document.querySelector('#look').textContent === 'happy');
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** Serves an example without a bundler, with the package beside it. */
export async function exampleOf(name) {
  const folder = `${ARTIFACTS}example-${name}/`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(`${EXAMPLES}${name}`, folder, { recursive: true });
  await cp(PACKAGE, `${folder}moue`, { recursive: true });
  return serve(folder);
}

test('the example of a page does what it says', async ({ browser }) => {
  const pages = await exampleOf('html');
  try {
    await isTold(browser, pages.url);
  } finally {
    await pages.close();
  }
});

test('the example without an element reads a photo', async ({ browser }) => {
  const pages = await exampleOf('html');
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${pages.url}headless.html`);
    await page.locator('input').setInputFiles(fixturePath('happy.png'));
    await page.waitForFunction(() => document.querySelector('#faces').textContent !== '');
    assert.match(await page.locator('#faces').innerText(), /^Face 1, \d+ pixels wide: happy with a probability of 0\.\d\d$/);
    await page.locator('input').setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await page.waitForFunction(() => document.querySelector('#faces').textContent.startsWith('not-an-image: '));
  } finally {
    await context.close();
    await pages.close();
  }
});

for (const name of ['react', 'vue', 'svelte']) {
  test(`the example for ${name}, in a fresh project of Vite, does what it says`, async ({ browser }) => {
    const root = freshProject(`example-${name}`, `examples/${name}`);
    const logLevel = 'error';
    await build({ root, logLevel });
    const headers = { 'content-security-policy': STRICT };
    const built = await preview({ root, logLevel, preview: { port: 0, host: '127.0.0.1', headers } });
    try {
      await isTold(browser, built.resolvedUrls.local[0]);
    } finally {
      await built.close();
    }
  });
}
