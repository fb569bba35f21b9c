// What becomes of an element that is moved, removed, closed, or kept from what it needs.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BROWSER, launch } from '../browser/browsers.mjs';
import { fast, loseDevice } from '../browser/device.mjs';
import { fixture } from '../browser/files.mjs';
import { tracks, watch } from '../browser/watch.mjs';
import { PACKAGE, STRICT, agree, assertHappy, test, until } from './harness.mjs';

const ARTIFACTS = fileURLToPath(new URL('artifacts/', import.meta.url));

/** Starts the camera, and waits for its picture. */
async function startCamera({ page }) {
  await agree(page, { shares: false });
  await page.waitForFunction(() => document.querySelector('moue-face').shadowRoot.querySelector('video')?.currentTime > 0);
}

test('private: consent ends with the element, nothing is stored, and nobody is asked to share', async ({ open }) => {
  const host = await open({ body: '<moue-face purpose="self-reflection" lang="en" private="true"></moue-face>' });
  const { page } = host;
  for (let time = 0; time < 2; time += 1) {
    await agree(page, { shares: null });
    await page.locator('moue-face [data-testid="face"]').first().waitFor();
    assert.equal(await page.locator('moue-face [data-testid=share]').count(), 0);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    assert.equal((await host.run((element) => element.exportData())).code, 'not-shared');
    await host.run((element) => element.close());
  }
  assert.deepEqual((await host.events()).filter(([name]) => name === 'expression'), []);
});

test('moved while the camera runs it plays on, removed it ends', async ({ open }) => {
  const host = await open();
  await host.page.evaluate(watch);
  await startCamera(host);
  await host.run((element) => {
    const other = document.createElement('section');
    document.body.append(other);
    other.append(element);
  });
  const at = await host.run((element) => element.shadowRoot.querySelector('video').currentTime);
  await host.page.waitForFunction((at) => document.querySelector('moue-face').shadowRoot.querySelector('video').currentTime > at + 0.2, at);
  assert.deepEqual(await tracks(host.page), ['live']);
  assert.equal((await host.events()).filter(([name]) => name === 'ready').length, 1);

  await host.run((element) => element.remove());
  await until('the camera is off', async () => (await tracks(host.page)).every((state) => state === 'ended'));
  await until('the engine is gone', () => host.page.workers().length === 0);
});

test('in another document the camera is off, and it looks and starts as before', async ({ open }) => {
  const host = await open();
  const { page } = host;
  await page.evaluate(watch);
  await startCamera(host);
  await host.run((element) => {
    globalThis.face = element;
    const iframe = Object.assign(document.createElement('iframe'), { width: 640, height: 700 });
    document.body.append(iframe);
    iframe.contentDocument.body.append(element);
  });
  await until('the camera is off', async () => (await tracks(page)).every((state) => state === 'ended'));
  await until('the engine is gone', () => page.workers().length === 0);
  const [, frame] = page.frames();
  // Firefox's driver runs nothing on what came here from another document.
  const ground = (part) => frame.evaluate((part) => getComputedStyle(document.querySelector('moue-face').shadowRoot.querySelector(part)).backgroundColor, part);
  const press = (part) => (BROWSER === 'firefox' ? frame.evaluate((part) => document.querySelector('moue-face').shadowRoot.querySelector(part).click(), part) : frame.locator(`moue-face ${part}`).click());
  await frame.locator('moue-face [part=start]').waitFor();
  assert.equal(await ground('[part=start]'), 'rgb(15, 118, 110)');

  // What was agreed to on this device holds here too.
  await press('[part=start]');
  await frame.waitForFunction(() => document.querySelector('moue-face').shadowRoot.querySelector('video')?.currentTime > 0);
  await mkdir(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTIFACTS}adopted.png`, fullPage: true });
  assert.equal(await ground('[part=frame]'), 'rgb(247, 246, 243)');
  await press('.light__stop');
  await until('the camera is off', async () => (await tracks(page)).every((state) => state === 'ended'));

  // Without a window there is nothing to be seen, and back again there is.
  const seen = await page.evaluate(() => {
    const { face } = globalThis;
    document.implementation.createHTMLDocument().body.append(face);
    document.body.append(document.adoptNode(face));
    return getComputedStyle(face.shadowRoot.querySelector('[part=start]')).backgroundColor;
  });
  assert.equal(seen, 'rgb(15, 118, 110)');
});

test('removed while it loads it leaves nothing running', async ({ server, open }) => {
  const host = await open();
  const outcome = await host.run(async (element) => {
    const started = element.start();
    element.remove();
    return started;
  });
  assert.equal(outcome.code, 'closed');
  await until('the program is there', () => server.requests.includes('style.css'));
  // Back again it is as new, and its program is there.
  await host.page.evaluate(() => document.body.append(document.createElement('moue-face')));
  assert.deepEqual(host.page.workers(), []);
  assert.deepEqual((await host.events()).map(([name]) => name), []);
  assert.equal(await host.run((element) => element.shadowRoot.querySelectorAll('[part=start]').length), 1);
});

test('what was stopped before it was there does not start', async ({ open }) => {
  const host = await open();
  await host.page.evaluate(watch);
  await host.run(async (element) => {
    const started = element.start();
    element.stop();
    await started;
  });
  assert.deepEqual(await tracks(host.page), []);
  assert.equal(await host.run((element) => element.shadowRoot.querySelectorAll('[part=start]').length), 1);
});

test('closed, it reads again when asked again', async ({ browser, open }) => {
  const host = await open();
  await assertHappy(browser, await host.reads());
  await host.run((element) => element.close());
  await until('the engine is gone', () => host.page.workers().length === 0);
  await assertHappy(browser, await host.reads());
});

test('outside of a document it refuses, and has nothing to export', async ({ open }) => {
  const host = await open();
  assert.equal((await host.run(() => document.createElement('moue-face').start())).code, 'not-connected');
  assert.equal((await host.run((element) => element.exportData())).code, 'not-started');
});

test('a second version leaves the first alone and says so', async ({ browser, server, open }) => {
  const text = await readFile(`${PACKAGE}embed.js`, 'utf8');
  server.files['other.js'] = text.replace(/version = ".*"/, 'version = "0.0.1"');
  server.files['same.js'] = text;
  const host = await open();
  const warnings = [];
  host.page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await host.page.evaluate(() => import('./same.js'));
  assert.deepEqual(await host.events(), []);
  await host.page.evaluate(() => import('./other.js'));
  const [[name, detail], ...others] = await host.events();
  assert.deepEqual([name, detail.code, others], ['error', 'two-versions', []]);
  assert.match(detail.message, /0\.0\.1/);
  await until('the warning', () => warnings.length === 1);
  await assertHappy(browser, await host.reads());
});

test('a host that blocks the worker is told what to allow', async ({ open }) => {
  const host = await open({ policy: STRICT.replace("worker-src 'self'", "worker-src 'none'"), may_log: /Content.Security.Policy/ });
  const { code, message } = await host.reads();
  assert.equal(code, 'no-worker');
  assert.match(message, /worker-src 'self'/);
});

test('a file that is missing is named, and tried again', async ({ browser, server, open }) => {
  const host = await open({ may_log: /404|wasm|disallowed MIME type/ });
  for (const [file, code] of [
    ['element.js', 'program'],
    ['element_bg.wasm', 'program'],
    ['style.css', 'program'],
    ['engine-worker.js', 'no-worker'],
    ['engine.js', 'engine-start'],
    ['model/manifest.json', 'model-download'],
  ]) {
    server.tamper = (path, bytes) => (path === file ? null : bytes);
    await host.run((element) => element.close());
    const { code: got, message } = await host.reads();
    assert.equal(got, code, `${file}: ${message}`);
    assert.ok(message.length > 40, message);
  }
  server.tamper = null;
  // Without a close() as well: asking again is trying again.
  await assertHappy(browser, await host.reads());
});

test('a model elsewhere is looked for there', async ({ browser, server, open }) => {
  const host = await open({ may_log: /404/ });
  const readsAt = (base) => host.run((element, base) => element.setAttribute('model-base', base), base).then(() => host.reads());
  assert.equal((await readsAt('nowhere')).code, 'model-download');
  assert.ok(server.requests.includes('nowhere/manifest.json'));
  assert.equal((await readsAt('https://')).code, 'model-base');
  await assertHappy(browser, await readsAt('model'));
});

/** Runs `body` with a host page whose element has read a face on a graphics device that can be lost. */
async function onDevice({ server, open }, body) {
  server.tamper = fast();
  const gpu = await launch('gpu');
  try {
    const host = await open({ browser: gpu });
    assert.equal((await host.reads()).faces[0].expression, 'happy');
    await until('WebGPU computes', async () => (await host.events()).some(([name]) => name === 'engine-change'));
    await body(host);
  } finally {
    await gpu.close();
  }
}

test('when the graphics device goes away it is told, and the processor reads', async ({ browser, ...place }) => {
  await onDevice(place, async (host) => {
    await loseDevice(host.page);
    await assertHappy(browser, await host.reads());
    const told = (await host.events()).map(([name, { code, engine }]) => [name, code ?? engine]);
    assert.deepEqual(told, [['ready', 'cpu'], ['engine-change', 'webgpu'], ['device-lost', 'device-lost'], ['engine-change', 'cpu']]);
  });
});

test('whoever hands over a picture when told of a lost device has it read by the processor', async ({ browser, ...place }) => {
  await onDevice(place, async (host) => {
    const { buffer } = await fixture('happy.png');
    await host.run((element, base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      globalThis.again = new Promise((resolve) => {
        element.addEventListener('device-lost', () => {
          element.analyze(new Blob([bytes], { type: 'image/png' })).then(resolve, ({ code }) => resolve({ code }));
        });
      });
    }, buffer.toString('base64'));
    await loseDevice(host.page);
    await assertHappy(browser, await host.reads());
    await assertHappy(browser, await host.page.evaluate(() => globalThis.again));
  });
});

test('many pictures at once wait outside of the program, in turn', async ({ open }) => {
  const host = await open({ body: '<moue-face purpose="self-reflection" mode="headless"></moue-face>' });
  const { buffer } = await fixture('happy.png');
  const found = await host.run(async (element, base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    let [opened, answered, most] = [0, 0, 0];
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = function () {
      opened += 1;
      most = Math.max(most, opened - answered);
      return arrayBuffer.call(this);
    };
    const order = [];
    const read = (index) => element.analyze(new Blob([bytes], { type: 'image/png' })).finally(() => {
      answered += 1;
      order.push(index);
    });
    const readings = await Promise.all([...Array(60).keys()].map(read));
    return { opened, most, faces: readings.map(({ faces }) => faces.length), order };
  }, buffer.toString('base64'));
  assert.equal(found.opened, 60);
  // One is read, one waits for that, and one may just have been answered.
  assert.ok(found.most <= 3, `${found.most} files were in memory at once`);
  assert.ok(found.faces.every((count) => count === 1));
  assert.deepEqual(found.order, [...Array(60).keys()]);
  // Pixels are in memory already, so only some may wait.
  const codes = await host.run(async (element) => {
    const pixels = () => new ImageData(64, 64);
    const answers = await Promise.allSettled([...Array(50).keys()].map(() => element.analyze(pixels())));
    return answers.map(({ reason }) => reason?.code ?? 'read');
  });
  assert.ok(codes.slice(0, 32).every((code) => code === 'read'), codes.join());
  assert.ok(codes.slice(40).every((code) => code === 'too-many'), codes.join());
});

test('a camera goes on with another engine', async ({ open }) => {
  const host = await open();
  await agree(host.page, { shares: true });
  const read = async () => (await host.events()).filter(([name]) => name === 'expression');
  await until('it sees somebody', async () => (await read()).some(([, { faces }]) => faces.length > 0));
  await host.run((element) => (element.engine = 'cpu'));
  await until('the other engine is there', async () => (await host.events()).some(([name]) => name === 'ready'));
  const before = (await read()).length;
  await until('it goes on', async () => (await read()).length > before + 2);
  // Who is who is known on the page, whichever engine reads: the face goes on as the first, or as the
  // second where the other engine took longer to come than a face is remembered.
  const numbers = new Set((await read()).flatMap(([, { faces }]) => faces.map((face) => face.number)));
  const lost = (await host.events()).filter(([name]) => name === 'face-lost').map(([, { number }]) => number);
  assert.deepEqual([[...numbers], lost], numbers.has(2) ? [[1, 2], [1]] : [[1], []]);
});
