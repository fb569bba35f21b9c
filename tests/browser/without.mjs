// Browsers that lack something: each is told what, and keeps what works.

import assert from 'node:assert/strict';
import { fixture } from './files.mjs';
import { sleep, test } from './harness.mjs';
import { growth, judge, soak, table } from './soak.mjs';

const reads = async (moue) => assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);

test('a browser without WebGPU computes on the CPU and says so', { before: 'delete Navigator.prototype.gpu;' }, async (moue) => {
  assert.equal(await moue.id('engine').getAttribute('data-engine'), 'cpu');
  await reads(moue);
});

const STORAGE = `for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
  Object.defineProperty(window, name, { get() { throw new DOMException('as a test', 'SecurityError'); } });
}
ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('as a test', 'SecurityError'));`;

test('a browser that stores nothing reads, and remembers nothing', { query: 'engine=cpu', before: STORAGE, consents: false }, async (moue, page) => {
  assert.equal(await page.evaluate(() => document.documentElement.dataset.offline), 'unavailable');
  await reads(moue);
  await moue.id('camera-start').click();
  await moue.id('consent-agree').click();
  await moue.id('face').first().waitFor();
  await moue.id('camera-stop').first().click();
  await page.reload();
  await moue.arrives('ready');
  await moue.id('camera-start').click();
  await moue.id('consent').waitFor();
});

test('a browser that stores nothing without telling keeps no copy and says so', {
  query: 'engine=cpu',
  before: "Object.defineProperty(window, 'caches', { get() { throw new DOMException('as a test', 'SecurityError'); } });",
}, async (moue, page) => {
  assert.notEqual(await page.evaluate(() => document.documentElement.dataset.offline), 'works');
  await reads(moue);
});

test('a browser without workers is told before anything large is fetched', { before: 'delete globalThis.Worker;', arrive: 'unsupported' }, async (moue, page) => {
  assert.equal(await page.locator('[data-code]').getAttribute('data-code'), 'worker');
  assert.match(await page.locator('body').innerText(), /workers/);
  await sleep(500);
  assert.deepEqual(moue.server.requests.filter((path) => path.endsWith('.wasm')), []);
});

/** What a browser does that knows workers and not their modules: it ignores the option. */
const CLASSIC = `const Real = Worker;
globalThis.Worker = class extends Real { constructor(address) { super(address); } };`;

test('a browser without module workers is told before anything large is fetched', { before: CLASSIC, arrive: 'unsupported' }, async (moue, page) => {
  assert.equal(await page.locator('[data-code]').getAttribute('data-code'), 'module-worker');
  await sleep(500);
  assert.deepEqual(moue.server.requests.filter((path) => path.endsWith('.wasm')), []);
});

for (const engine of ['cpu', 'webgpu']) {
  test(`a minute of live reading leaves nothing behind (${engine})`, { arrive: null }, async () => {
    const taken = await soak({ engine, minutes: 1, samples: 30 });
    console.log(table(taken));
    assert.deepEqual(judge(taken), []);
    assert.ok(growth(taken).engine_wasm[1] > 0 && growth(taken).nodes[1] > 0, 'the samples are samples');
  });
}
