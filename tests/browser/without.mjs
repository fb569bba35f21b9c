// Browsers that lack something: each is told what, and keeps what works.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { assertAccessible } from './axe.mjs';
import { fixture } from './files.mjs';
import { watch } from './watch.mjs';
import { sleep, test } from './harness.mjs';
import { growth, judge, soak, table } from './soak.mjs';

const reads = async (moue) => assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);

test('a browser without WebGPU computes on the CPU and says so', { before: 'delete Navigator.prototype.gpu;' }, async (moue) => {
  assert.equal(await moue.id('engine').getAttribute('data-engine'), 'cpu');
  await reads(moue);
});

/** A browser that returns noise instead of what was drawn, as Firefox does with `privacy.resistFingerprinting`. */
function hidesPictures() {
  const { getImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.getImageData = function (...place) {
    const data = getImageData.apply(this, place);
    for (let at = 0; at < data.data.length; at += 1) data.data[at] = 256 * Math.random();
    return data;
  };
}

for (const [how, options] of [['returns noise', { before: `(${watch})();(${hidesPictures})();` }], ['resists fingerprinting', { before: watch, browser: 'resisting' }]]) {
  test(`a browser that ${how} is told to allow pictures, and no camera or video is read`, { query: 'engine=cpu', ...options }, async (moue, page) => {
    await reads(moue);
    const refused = async () => {
      const error = moue.id('error');
      await error.waitFor();
      assert.equal(await error.getAttribute('data-code'), 'canvas-withheld');
      assert.match(await error.innerText(), /Allow canvas data .* photo works/);
      assert.equal(await moue.id('face').count(), 0);
    };
    await moue.id('camera-start').click();
    await refused();
    assert.equal(await page.evaluate(() => window.asked), 0, 'no camera is opened');
    await moue.screenshot('canvas-withheld');
    await moue.id('notice-close').click();
    await moue.pick({ name: 'film.webm', mimeType: 'video/webm', buffer: Buffer.from('not looked at') });
    await refused();
    await moue.id('notice-close').click();
    await reads(moue);
  });
}

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

/** What start-words.js has, by what is missing and by language. */
async function startWords() {
  const window = {};
  new Function('window', await readFile(new URL('../../www/start-words.js', import.meta.url), 'utf8'))(window);
  return window.startWords;
}

const SPOKEN = { en: 'en-GB', de: 'de-AT', fr: 'fr-CA', es: 'es-MX', ar: 'ar-EG', zh: 'zh-TW' };

for (const [language, locale] of Object.entries(SPOKEN)) {
  const rtl = language === 'ar';
  test(`before the program is here, the page speaks ${language}`, { before: 'WebAssembly.validate = () => false;', arrive: 'unsupported', context: { locale } }, async (moue, page) => {
    const words = await startWords();
    for (const [lack, sentences] of Object.entries(words)) {
      assert.deepEqual(Object.keys(sentences), Object.keys(SPOKEN), lack);
      assert.equal(new Set(Object.values(sentences)).size, Object.keys(SPOKEN).length, lack);
    }
    assert.equal(await moue.id('error').innerText(), words['wasm-simd'][language]);
    const root = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
    assert.deepEqual(root, { lang: language, dir: rtl ? 'rtl' : 'ltr' });
    const patience = await page.locator('#patience').textContent();
    assert.equal(/If nothing more/.test(patience), language === 'en', patience);
    await assertAccessible(page, language);
    await moue.screenshot(`unsupported-${language}`);
  });
}

test('the language that was chosen in the address wins before the program is here, too', { query: 'lang=fr', before: 'delete globalThis.WebAssembly;', arrive: 'unsupported', context: { locale: 'de' } }, async (moue) => {
  assert.equal(await moue.id('error').innerText(), (await startWords()).wasm.fr);
});

const isProgram = (path) => /^moue-[^/]*\.js$/.test(path);

test('a program that does not arrive is told in German', { arrive: 'failed', tamper: (path, bytes) => (isProgram(path) ? null : bytes), may_log: /404|import|disallowed MIME type|^Error$/, context: { locale: 'de' } }, async (moue) => {
  assert.equal(await moue.id('error').getAttribute('data-code'), 'program');
  assert.match(await moue.id('error').innerText(), /Prüfen Sie die Verbindung und laden Sie die Seite neu/);
});

test('where even the words about it do not arrive, the page says to try again', { arrive: 'failed', before: 'WebAssembly.validate = () => false;', tamper: (path, bytes) => (path === 'start-words.js' ? null : bytes), may_log: /404/ }, async (moue) => {
  assert.match(await moue.id('error').innerText(), /load the page again/);
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
