// What an element shows and tells: to whom, for what purpose, and in how much company.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { assertAccessible } from '../browser/axe.mjs';
import { launch } from '../browser/browsers.mjs';
import { fixture } from '../browser/files.mjs';
import { STRICT, agree, assertHappy, test, until } from './harness.mjs';

const ARTIFACTS = fileURLToPath(new URL('artifacts/', import.meta.url));

/** Rules that only the page around an element can keep. */
const HOST = ['html-has-lang', 'region', 'landmark-one-main', 'page-has-heading-one'];

const face = (attributes) => `<moue-face ${attributes}></moue-face>`;
const named = (events, wanted) => events.filter(([name]) => name === wanted).map(([, detail]) => detail);
const sees = (page) => page.locator('moue-face [data-testid="face"]').first().waitFor();

/** Agrees to the camera, and waits for a face. */
async function agrees(page, shares) {
  await agree(page, { shares });
  await sees(page);
}

async function picture(page, name) {
  await mkdir(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTIFACTS}${name}.png`, fullPage: true });
}

test('what nobody ticked no host hears', async ({ open }) => {
  const host = await open();
  await agrees(host.page, false);
  await host.page.waitForTimeout(1000);
  const events = await host.events();
  assert.deepEqual(named(events, 'expression'), []);
  assert.deepEqual(named(events, 'consent'), [{ camera: true, shared: false }]);
  assert.equal((await host.run((element) => element.exportData('csv'))).code, 'not-shared');
  assert.deepEqual(await host.page.evaluate(() => globalThis.told.violations), []);
});

test('what is ticked is told, and no more once it is taken back', async ({ open }) => {
  const host = await open();
  const { page } = host;
  await agrees(page, true);
  await until('readings come', async () => named(await host.events(), 'expression').length > 3);
  const events = await host.events();
  assert.deepEqual(named(events, 'consent'), [{ camera: true, shared: true }]);
  const { faces, width, height, seconds } = named(events, 'expression')[0];
  assert.equal(faces.length, 1);
  const [one] = faces;
  const sum = Object.values(one.probabilities).reduce((total, share) => total + share, 0);
  assert.ok(Math.abs(sum - 1) < 1e-4, `the probabilities sum to ${sum}`);
  assert.ok(one.box.x >= 0 && one.box.x + one.box.width <= width && one.box.y + one.box.height <= height, JSON.stringify(one.box));
  assert.ok(seconds >= 0 && one.number === 1, JSON.stringify([seconds, one.number]));
  const csv = await host.run((element) => element.exportData('csv'));
  assert.match(csv, /^face,seconds,/);
  assert.equal(JSON.parse(await host.run((element) => element.exportData())).source, 'camera');
  assert.equal((await host.run((element) => element.exportData('xml'))).code, 'format-unknown');
  await picture(page, 'camera');
  await assertAccessible(page, 'a camera', HOST);

  await page.locator('moue-face [data-testid="share"] input').first().uncheck();
  await until('that is told', async () => named(await host.events(), 'consent').length === 2);
  const before = named(await host.events(), 'expression').length;
  await page.waitForTimeout(1000);
  assert.equal(named(await host.events(), 'expression').length, before, 'not one more');
  assert.ok(await page.locator('moue-face [data-testid="face"]').count(), 'the person still sees it');

  await page.locator('moue-face [data-testid="consent-withdraw"]').click();
  await until('the camera is off', () => host.run((element) => element.shadowRoot.querySelector('video').srcObject === null));
  assert.deepEqual(named(await host.events(), 'consent').at(-1), { camera: false, shared: false });
});

test('the host gets what was read while it was shared, and nothing from before or of others', async ({ open }) => {
  const host = await open();
  const { page } = host;
  // Whoever listens asks at once, when nothing was read yet.
  await host.run((element) => {
    globalThis.fetched = [];
    element.addEventListener('consent', ({ detail }) => {
      if (!detail.shared) return;
      try {
        globalThis.fetched.push(element.exportData());
      } catch (error) {
        globalThis.fetched.push(error.code);
      }
    });
  });
  const rows = async () => {
    const text = await host.run((element) => element.exportData());
    return text.code ?? JSON.parse(text).rows.map(({ seconds }) => seconds);
  };
  const box = page.locator('moue-face [data-testid="share"] input').first();
  await agrees(page, false);
  await page.waitForTimeout(3000);
  await box.check();
  await until('rows come', async () => Array.isArray(await rows()));
  const [first] = await rows();
  assert.ok(first >= 2.5, `the first row that the host gets is from ${first} s, the tick came after 3`);
  // What is unticked is gone for the host, also after the next tick.
  await box.uncheck();
  assert.equal(await rows(), 'not-shared');
  await page.waitForTimeout(1500);
  await box.check();
  await until('rows come', async () => Array.isArray(await rows()));
  assert.ok((await rows())[0] > first + 1, 'rows from before the second tick');
  // It may fetch them after the end, until somebody starts anew.
  await host.run((element) => element.stop());
  assert.ok(Array.isArray(await rows()));
  const before = await rows();
  await host.run((element) => void element.start().catch(() => {}));
  await sees(page);
  assert.ok((await rows()).length < before.length || (await rows())[0] < before[0], 'the rows of the stream before');
  assert.deepEqual(await page.evaluate(() => globalThis.fetched), ['nothing-recorded', 'nothing-recorded'], 'what a listener fetched when it was told');
});

test('another purpose is another question, and two purposes are none', async ({ open }) => {
  const host = await open();
  const { page } = host;
  await agrees(page, false);
  await host.run((element) => element.setAttribute('purpose', 'game'));
  await until('the camera is off', () => host.run((element) => !element.shadowRoot.querySelector('video')?.srcObject));
  await host.run((element) => void element.start().catch(() => {}));
  await page.locator('moue-face [data-testid="purpose"]').waitFor();
  assert.match(await page.locator('moue-face [data-testid="purpose"]').innerText(), /game/);
  for (const purpose of ['workplace', 'education-institution']) {
    await host.run((element, purpose) => element.setAttribute('purpose', purpose), purpose);
    const refused = await host.run((element) => element.start());
    assert.equal(refused.code, 'purpose-prohibited');
    assert.match(refused.message, /5\(1\)\(f\)/);
    assert.equal((await host.reads()).code, 'purpose-prohibited');
  }
  await until('nothing runs', () => page.workers().length === 0);
  await host.run((element) => element.setAttribute('legal-basis', 'medical'));
  await host.run((element) => void element.start().catch(() => {}));
  await page.locator('moue-face [data-testid="purpose"]').waitFor();
});

test('without a purpose nothing starts, and unknown values are named', async ({ open }) => {
  const host = await open({ body: face('mode="headless"') });
  assert.equal((await host.run((element) => element.start())).code, 'purpose-missing');
  await host.run((element) => element.setAttribute('purpose', 'grading'));
  assert.equal((await host.run((element) => element.start())).code, 'purpose-unknown');
  assert.deepEqual(host.page.workers(), []);
  const wrong = { 'max-faces': 'many', smoothing: '-1', mirror: 'perhaps', private: 'perhaps', engine: 'tpu', mode: 'film' };
  for (const [name, value] of Object.entries(wrong)) {
    await host.run((element, [name, value]) => element.setAttribute(name, value), [name, value]);
  }
  const codes = named(await host.events(), 'error').map(({ code }) => code);
  assert.deepEqual(codes, ['purpose-missing', 'purpose-unknown', ...Object.keys(wrong).map(() => 'attribute-invalid')]);
  const sentences = named(await host.events(), 'error').slice(2);
  Object.entries(wrong).forEach(([name, value], place) => {
    assert.ok(sentences[place].message.includes(name) && sentences[place].message.includes(value), sentences[place].message);
  });
});

test('several elements and a program share one engine, and the last one ends it', async ({ browser, open }) => {
  const two = face('id="a" purpose="game" mode="headless"') + face('id="b" purpose="game"');
  const host = await open({ body: two });
  const { page } = host;
  await assertHappy(browser, await host.reads());
  assert.equal(page.workers().length, 1);
  await host.run(() => void document.querySelector('#b').start().catch(() => {}));
  await page.locator('#b [data-testid="consent-agree"]').click();
  await sees(page);
  await assertHappy(browser, await host.reads({ purpose: 'game' }));
  // A camera beside it overtakes nothing that was handed over.
  const readings = await Promise.all([host.reads(), host.reads(), host.reads()]);
  for (const reading of readings) await assertHappy(browser, reading);
  assert.equal(page.workers().length, 1, 'one worker for all of them');
  await host.run(() => document.querySelector('#b').remove());
  await assertHappy(browser, await host.reads());
  await host.run(() => document.querySelector('#a').remove());
  await until('the engine is gone', () => page.workers().length === 0);
});

test('a chosen photo is read, of a crowd the largest', async ({ open }) => {
  const host = await open({ body: face('purpose="self-reflection" mode="image" lang="ar" max-faces="2"') });
  const { page } = host;
  await page.locator('moue-face [part=start]').click();
  const input = page.locator('moue-face [data-testid="file-input"]');
  await input.waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('moue-face').shadowRoot.querySelector('[data-state="ready"]'));
  await input.setInputFiles(await fixture('crowd.png'));
  await sees(page);
  assert.equal(await page.locator('moue-face [data-testid="face"]').count(), 2);
  assert.equal(await page.locator('moue-face [data-testid="embed"]').getAttribute('dir'), 'rtl');
  assert.deepEqual(named(await host.events(), 'expression'), [], 'nobody ticked');
  await page.setViewportSize({ width: 320, height: 700 });
  await picture(page, 'image-arabic-320');
  const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(overflows, false, 'it fits into 320 pixels');
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertAccessible(page, 'a photo in the dark', HOST);
  await input.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('none') });
  await until('that is told', async () => named(await host.events(), 'error').length === 1);
  await host.run((element) => element.setAttribute('lang', 'fr'));
  assert.equal(await page.locator('moue-face [data-testid="embed"]').getAttribute('lang'), 'fr');
});

test('what the person corrects is what the host hears', async ({ open }) => {
  const host = await open({ body: face('purpose="self-reflection" mode="image" max-faces="2"') });
  const { page } = host;
  const id = (name) => page.locator(`moue-face [data-testid="${name}"]`);
  const hears = (what, holds) => until(what, async () => holds(named(await host.events(), 'expression').at(-1)?.faces ?? []));
  await page.locator('moue-face [part=start]').click();
  await id('file-input').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('moue-face').shadowRoot.querySelector('[data-state="ready"]'));
  await id('share').locator('input').first().check();
  await id('file-input').setInputFiles(await fixture('crowd.png'));
  await hears('two faces', (faces) => faces.length === 2);
  await id('face-dismiss').first().click();
  await hears('one, as the other is none', (faces) => faces.length === 1);
  await id('undo').click();
  await hears('two again', (faces) => faces.length === 2);
  await id('face-add').click();
  await page.keyboard.press('Enter');
  await hears('a third, which was drawn', (faces) => faces.length === 3 && faces.filter(({ added }) => added).length === 1);
  await picture(page, 'image-corrected');
});

test('anything that is a picture is read, and what is none is named', async ({ open }) => {
  const host = await open({ policy: STRICT });
  const { buffer } = await fixture('happy.png');
  const looks = await host.run(async (element, base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const blob = new Blob([bytes], { type: 'image/png' });
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const offscreen = new OffscreenCanvas(image.width, image.height);
    offscreen.getContext('2d').drawImage(image, 0, 0);
    const data = context.getImageData(0, 0, image.width, image.height);
    const sources = [blob, image, canvas, offscreen, data, await createImageBitmap(blob)];
    const looks = [];
    for (const source of sources) looks.push((await element.analyze(source)).faces.map((face) => face.expression).join());
    looks.push(data.data.length);
    for (const source of [42, null, 'happy.png', document.body, new Image(), document.createElement('video'), new Blob(['no picture'])]) {
      looks.push(await element.analyze(source).catch((error) => error.code));
    }
    return looks;
  }, buffer.toString('base64'));
  const pixels = looks[6];
  assert.ok(pixels > 0, 'the host keeps its own pixels');
  const none = [...Array(4).fill('source-unknown'), ...Array(2).fill('source-empty'), 'not-an-image'];
  assert.deepEqual(looks, [...Array(6).fill('happy'), pixels, ...none]);
});

test('a browser that hides pictures is told by analyze, a file is read nevertheless, and what it can decode alone is read', async ({ open }) => {
  const host = await open({ policy: STRICT });
  const files = await Promise.all(['happy.png', 'happy.avif'].map(fixture));
  const looks = await host.run(async (element, files) => {
    const looked = (reading) => reading.faces.map((face) => face.expression).join();
    const [png, avif] = files.map(({ base64, mimeType }) => new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], { type: mimeType }));
    const bitmap = await createImageBitmap(png);
    const looks = [looked(await element.analyze(avif))];
    const { getImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.getImageData = function (...place) {
      const data = getImageData.apply(this, place);
      crypto.getRandomValues(new Uint8Array(data.data.buffer));
      return data;
    };
    for (const source of [bitmap, avif]) looks.push(await element.analyze(source).then(looked, (error) => error.code));
    looks.push(looked(await element.analyze(png)));
    return looks;
  }, files.map(({ buffer, mimeType }) => ({ base64: buffer.toString('base64'), mimeType })));
  assert.deepEqual(looks, ['happy', 'canvas-withheld', 'unsupported-format', 'happy']);
});

test('another engine is told, and read with', async ({ browser, open }) => {
  const gpu = await launch('gpu');
  try {
    const host = await open({ browser: gpu, body: face('purpose="game" mode="headless" engine="cpu"') });
    await assertHappy(browser, await host.reads());
    await host.run((element) => element.setAttribute('engine', 'webgpu'));
    await assertHappy(browser, await host.reads());
    const [ready] = named(await host.events(), 'ready');
    const [change] = named(await host.events(), 'engine-change');
    assert.equal(ready.engine, 'cpu');
    assert.equal(change.engine, 'webgpu');
    assert.equal(change.modelSha256, ready.modelSha256);
  } finally {
    await gpu.close();
  }
  const host = await open({ body: face('purpose="game" mode="headless" engine="webgpu"') });
  assert.equal((await host.run((element) => element.start())).code, 'no-web-gpu');
  assert.deepEqual(named(await host.events(), 'error').map(({ code }) => code), ['no-web-gpu']);
});

/** Everything of text that is inherited and may make it unreadable, and a root and a reset as pages have them. */
const HOSTILE = `
html { font-size: 62.5% }
body { white-space: nowrap; text-transform: uppercase; text-align: right; text-indent: 40em; line-height: 0; font: italic 900 0/0 cursive;
  font-variant: small-caps; color: transparent; -webkit-text-fill-color: transparent; text-shadow: 0 0 9px red; visibility: hidden;
  direction: rtl; pointer-events: none; cursor: none; word-break: break-all; hyphens: none; list-style: none; accent-color: red; tab-size: 90 }
* { letter-spacing: 1em; word-spacing: 9em }`;

test('what a page sets for its own text changes nothing of what a person must read', async ({ server, open }) => {
  server.files['hostile.css'] = HOSTILE;
  const asked = async (more) => {
    const host = await open({ body: more + face('purpose="game" lang="en"') });
    await host.run((element) => void element.start().catch(() => {}));
    const decline = host.page.locator('moue-face [data-testid="consent-decline"]');
    await decline.waitFor();
    await until('it is ready', async () => named(await host.events(), 'ready').length === 1);
    await picture(host.page, more ? 'hostile' : 'friendly');
    const looks = await host.run((element) => [...element.shadowRoot.querySelectorAll('.embed, .embed *')].map((one) => {
      const style = getComputedStyle(one);
      // A page may hide an element, though not the question that keeps people from the page.
      const names = [...style].filter((name) => name !== 'visibility' || one.closest('dialog'));
      // Firefox tells where text that is for screen readers alone happens to lie.
      const told = one.matches('.unseen') ? names.filter((name) => !/^(inset|left|right|top|bottom)/.test(name)) : names;
      return [one.className || one.localName, Object.fromEntries(told.map((name) => [name, style.getPropertyValue(name)]))];
    }));
    // Fails where it is out of view, or where something else is hit.
    await decline.click();
    return looks;
  };
  const [friendly, hostile] = [await asked(''), await asked('<link rel="stylesheet" href="hostile.css">')];
  assert.ok(friendly.length > 30);
  friendly.forEach(([name, style], n) => assert.deepEqual(hostile[n][1], style, name));
});

test('of an error the element and what holds it hear, and the window, which would take it for a script\'s, does not', async ({ open }) => {
  const host = await open({ body: '' });
  const heard = await host.run(async () => {
    const heard = [];
    window.onerror = () => heard.push('onerror');
    addEventListener('error', () => heard.push('window'));
    const holder = document.body.appendChild(document.createElement('section'));
    const element = holder.attachShadow({ mode: 'open' }).appendChild(document.createElement('moue-face'));
    for (const one of [holder, element]) one.addEventListener('error', ({ detail }) => heard.push(`${one.localName} ${detail.code}`));
    await element.start().catch(() => {});
    element.remove();
    holder.shadowRoot.append(element);
    element.modelBase = 'https://';
    await element.start().catch(() => {});
    return heard;
  });
  assert.deepEqual(heard, ['moue-face purpose-missing', 'section purpose-missing', 'moue-face model-base', 'section model-base']);
});
