// A model that is damaged, cut short or absent, and a browser that is too old.

import assert from 'node:assert/strict';
import { fixture } from './files.mjs';
import { sleep, test } from './harness.mjs';

const isWeights = (path) => path.startsWith('model/') && !path.endsWith('.json');
const isManifest = (path) => path === 'model/manifest.json';

function flipped(bytes) {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] ^= 1;
  return copy;
}

/** No reading can be had from a page that failed. */
async function assertNoReading(moue) {
  await moue.drop(await fixture('happy.png'));
  await sleep(2000);
  assert.equal((await moue.faces()).length, 0);
  assert.ok(await moue.id('camera-start').isDisabled());
}

const DAMAGES = [
  ['one flipped bit', (path, bytes) => (isWeights(path) ? flipped(bytes) : bytes), 'model-damaged', /sha256|damaged|checksum/i],
  ['a cut end', (path, bytes) => (isWeights(path) ? bytes.subarray(0, bytes.length - 1000) : bytes), 'model-truncated', /bytes|damaged|length|short/i],
  ['no weights', (path, bytes) => (isWeights(path) ? null : bytes), 'model-download', /404/],
  ['no manifest', (path, bytes) => (isManifest(path) ? null : bytes), 'model-download', /404/],
  ['a manifest that is none', (path, bytes) => (isManifest(path) ? Buffer.from('<!doctype html>') : bytes), 'manifest-invalid', /manifest/i],
];

for (const [what, tamper, code, sentence] of DAMAGES) {
  const options = { query: 'engine=cpu', tamper, arrive: 'failed', may_log: /404/ };
  test(`a model with ${what} is refused by name`, options, async (moue) => {
    const error = moue.id('error');
    assert.equal(await error.getAttribute('data-code'), code, await error.innerText());
    assert.match(await error.innerText(), sentence);
    await moue.screenshot(`refused-model-${what.replaceAll(' ', '-')}`);
    await assertNoReading(moue);
  });
}

test('a damaged model is refused on WebGPU too', {
  browser: 'gpu',
  query: 'engine=webgpu',
  tamper: DAMAGES[0][1],
  arrive: 'failed',
}, async (moue) => {
  assert.equal(await moue.id('error').getAttribute('data-code'), 'model-damaged');
  await assertNoReading(moue);
});

test('a second try after a failed download works', { query: 'engine=cpu', tamper: DAMAGES[2][1], arrive: 'failed', may_log: /404/ }, async (moue) => {
  moue.server.tamper = null;
  await moue.id('retry').click();
  await moue.page.waitForFunction(() => document.documentElement.dataset.state === 'ready', null, { timeout: 120_000 });
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

test('photos that come after a failure are a second try, and end with a second failure', { query: 'engine=cpu', tamper: DAMAGES[2][1], arrive: 'failed', may_log: /404/ }, async (moue, page) => {
  const photos = [await fixture('happy.png'), await fixture('surprise.png')];
  const state = (name) => page.waitForFunction((name) => document.documentElement.dataset.state === name, name, { timeout: 120_000 });
  const asked = () => moue.server.requests.filter(isWeights).length;
  const before = asked();
  await moue.pick(photos);
  await page.waitForFunction(() => !document.querySelector('[data-testid="album-progress"], .stage__frame--busy'));
  await state('failed');
  assert.equal(asked(), before + 1, 'one try for all of them');
  moue.server.tamper = null;
  await moue.pick(photos);
  await page.waitForSelector('[data-testid="album-progress"][data-done="2"]', { timeout: 120_000 });
  await state('ready');
});

test('the progress of the download is shown', { query: 'engine=cpu', arrive: null }, async (moue, page) => {
  const seen = await page.evaluate(async () => {
    const seen = new Set();
    while (document.documentElement.dataset.state !== 'ready') {
      const bar = document.querySelector('[data-testid="progress"]');
      if (bar) seen.add(bar.innerText.trim().replace(/[\d.]+/g, '#'));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return [...seen];
  });
  assert.ok(seen.length >= 2, `steps seen: ${JSON.stringify(seen)}`);
});

test('a browser without WebAssembly SIMD is told, and fetches no engine', {
  before: 'WebAssembly.validate = () => false;',
  arrive: 'unsupported',
}, async (moue, page) => {
  assert.match(await page.locator('body').innerText(), /browser/i);
  await moue.screenshot('unsupported');
  await sleep(1000);
  const heavy = moue.server.requests.filter((path) => path.endsWith('.wasm') || path.startsWith('model/'));
  assert.deepEqual(heavy, []);
});

test('a browser without WebAssembly is told', { before: 'delete globalThis.WebAssembly;', arrive: 'unsupported' }, async (moue, page) => {
  assert.match(await page.locator('body').innerText(), /browser/i);
});
