// A host with a strict Content-Security-Policy and no bundler.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { PACKAGE, STRICT, agree, assertHappy, test, until } from './harness.mjs';

const LARGEST_SCRIPT_BYTES = 30_000;
const LANGUAGES = ['en', 'de', 'fr', 'es', 'ar', 'zh'];

test('a strict policy forbids nothing that a reading needs', async ({ browser, server, open }) => {
  const host = await open();
  const asked = server.requests.filter((path) => path !== '/favicon.ico');
  assert.deepEqual(asked, ['host.html', 'embed.js'], 'one small file before somebody wants something');
  const { size } = await host.page.evaluate(async (url) => (await fetch(url)).blob().then(({ size }) => ({ size })), `${server.url}embed.js`);
  assert.ok(size <= LARGEST_SCRIPT_BYTES, `embed.js has ${size} bytes`);
  await assertHappy(browser, await host.reads());
  assert.equal(await host.run(() => globalThis.crossOriginIsolated), false);
  assert.deepEqual(await host.run(() => globalThis.told.violations), []);
  const ready = (await host.events()).filter(([name]) => name === 'ready');
  assert.equal(ready.length, 1);
  assert.equal(ready[0][1].engine, 'cpu');
});

test('Moue reads without an element, under the same policy', async ({ browser, open }) => {
  const host = await open({ body: '' });
  await assertHappy(browser, await host.reads({ purpose: 'self-reflection' }));
  assert.deepEqual(await host.run(() => globalThis.told.violations), []);
  // The engine that nobody uses any more is gone.
  await until('the engine is gone', () => host.page.workers().length === 0);
  assert.equal((await host.reads({})).code, 'purpose-missing');
});

const TRUSTED = `${STRICT}; require-trusted-types-for 'script'`;
const TALKS_OF_TRUST = /Trusted|trusted-types/;

test('where Trusted Types are demanded it reads with a policy of one name, shown and unshown', async ({ browser, open }) => {
  const host = await open({ policy: `${TRUSTED}; trusted-types moue` });
  await agree(host.page, { shares: true });
  await host.page.locator('moue-face [data-testid=face]').first().waitFor();
  await until('it is told', async () => (await host.events()).some(([name]) => name === 'expression'));
  await host.run((element) => element.stop());
  await assertHappy(browser, await host.reads());
  await assertHappy(browser, await host.reads({ purpose: 'self-reflection' }));
  assert.deepEqual(await host.run(() => globalThis.told.violations), []);
});

test('a page whose policy lets it make no trusted type is told which word is missing', async ({ browser, open }) => {
  const refused = await open({ policy: `${TRUSTED}; trusted-types another`, may_log: TALKS_OF_TRUST });
  for (const options of [null, { purpose: 'game' }]) {
    const { code, message } = await refused.reads(options);
    assert.equal(code, 'trusted-types');
    assert.match(message, /Content-Security-Policy: trusted-types moue\./);
  }
  assert.deepEqual((await refused.events()).map(([name, { code }]) => [name, code]), [['error', 'trusted-types']]);
  // Who lists names and demands nothing is not kept from it.
  const lenient = await open({ policy: `${STRICT}; trusted-types another`, may_log: TALKS_OF_TRUST });
  await assertHappy(browser, await lenient.reads());
});

test('before it is needed it says what it does, in six languages', async ({ open }) => {
  const host = await open();
  const seen = (lang, mode) =>
    host.run((element, [lang, mode]) => {
      element.lang = lang;
      element.mode = mode;
      const part = (name) => element.shadowRoot.querySelector(`[part=${name}]`)?.textContent;
      return [part('start'), part('promise'), element.shadowRoot.firstElementChild?.dir].map((word) => word ?? null);
    }, [lang, mode]);
  for (const lang of LANGUAGES) {
    const file = (name) => readFile(new URL(`../../www/locales/${lang}/${name}.ftl`, import.meta.url), 'utf8');
    const words = (await file('page')) + (await file('embed'));
    const word = (key) => words.match(new RegExp(`^${key} = (.*)$`, 'm'))[1];
    assert.deepEqual(await seen(lang, 'camera'), [word('camera-start'), word('promise'), lang === 'ar' ? 'rtl' : 'ltr']);
    assert.deepEqual(await seen(lang, 'image'), [word('embed-image'), word('promise'), lang === 'ar' ? 'rtl' : 'ltr']);
    const source = await readFile(`${PACKAGE}embed.js`, 'utf8');
    assert.ok(source.includes(`loading: "${word('loading-program')}"`), `${lang}: the word for loading`);
  }
  assert.deepEqual(await seen('de', 'headless'), [null, null, null]);
});

test('properties reflect attributes', async ({ open }) => {
  const host = await open({ body: '<moue-face max-faces="3" mirror="false"></moue-face>' });
  const values = await host.run((element) => {
    const before = [element.maxFaces, element.mirror, element.mode, element.engine, element.smoothing, element.private, element.modelBase];
    Object.assign(element, { maxFaces: 2, smoothing: 0.5, mirror: true, legalBasis: 'medical', modelBase: './m', purpose: 'game' });
    return [before, element.getAttributeNames().map((name) => `${name}=${element.getAttribute(name)}`).sort()];
  });
  assert.deepEqual(values, [
    [3, false, 'camera', 'auto', null, false, null],
    ['legal-basis=medical', 'max-faces=2', 'mirror=true', 'model-base=./m', 'purpose=game', 'smoothing=0.5'],
  ]);
  // What is assigned before the class is there is not lost.
  const early = await host.run(async () => {
    const element = document.createElement('moue-early');
    element.maxFaces = 4;
    document.body.append(element);
    customElements.define('moue-early', class extends customElements.get('moue-face') {});
    return element.getAttribute('max-faces');
  });
  assert.equal(early, '4');
});

