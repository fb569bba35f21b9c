// The page's copy on this device: kept whole or not at all, used without a network, renewed when the
// visitor agrees, and silent once it is there.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixture } from './files.mjs';
import { assertReading, DIST, FILE_LIST, sleep, test } from './harness.mjs';

const CPU = { query: 'engine=cpu' };
/** Longer than a browser waits until it looks for a newer worker. */
const QUIET_MILLIS = 4000;

const root = (page, name) => page.evaluate((name) => document.documentElement.dataset[name], name);
const copies = (page) => page.evaluate(async () => (await caches.keys()).length);
const isHeavy = (path) => path.endsWith('.safetensors') || path.endsWith('.wasm');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The files of another build, which differs in one file and says so: a `tamper` of the server. */
async function nextBuild(path, more) {
  const old = async (path) => readFile(join(DIST, path));
  const worker = (await old(FILE_LIST)).toString();
  const name = /BUILD = "([0-9a-f]+)"/.exec(worker)[1];
  const rename = (text) => text.toString().replaceAll(name, 'feedfacefeedface');
  const changed = { 'index.html': Buffer.from(rename(await old('index.html'))), [path]: Buffer.concat([await old(path), Buffer.from(more)]) };
  let list = rename(worker);
  for (const [path, bytes] of Object.entries(changed)) list = list.replace(sha256(await old(path)), sha256(bytes));
  changed[FILE_LIST] = Buffer.from(list);
  return (path, bytes) => changed[path] ?? bytes;
}

async function visitAgain(moue, page, query = '?engine=cpu') {
  await page.goto(moue.server.url + query);
  await moue.arrives('ready');
}

/** Waits until the server was asked for `path`. */
async function askedFor(moue, path) {
  for (let tries = 0; !moue.server.requests.includes(path); tries += 1) {
    assert.ok(tries < 200, `nobody asks for ${path}: ${moue.server.requests}`);
    await sleep(50);
  }
}

async function cutOff(moue, page) {
  moue.server.gone = true;
  await page.context().setOffline(true);
}

/** As hosts of static files send it; without it, WebKit takes nothing from its cache. */
const CACHED = { ...CPU, headers: { 'cache-control': 'max-age=600' } };

test('the first visit keeps the page, and fetches nothing twice for it', CACHED, async (moue, page) => {
  assert.equal(await root(page, 'offline'), 'works');
  assert.equal(await moue.id('installed').getAttribute('data-offline'), 'works');
  assert.match(await moue.id('version').innerText(), new RegExp((await root(page, 'build')).slice(0, 8)));
  assert.equal(await copies(page), 1);
  const asked = moue.server.requests.filter((path) => path !== '');
  const twice = asked.filter((path, index) => asked.indexOf(path) !== index);
  assert.deepEqual(twice, [], 'the browser has these already');
  assert.equal(await moue.id('update').count(), 0);
  assert.deepEqual(asked.filter((path) => path.startsWith('gpu')), [], 'the WebGPU engine, where there is no adapter');
});

test('without a network the page opens and reads', CPU, async (moue, page) => {
  await cutOff(moue, page);
  for (const address of ['?engine=cpu', 'index.html?engine=cpu']) {
    await visitAgain(moue, page, address);
    const faces = await moue.reads('drop', await fixture('happy.png'));
    assert.equal(faces.length, 1);
    assertReading(faces[0]);
    assert.equal(await moue.id('installed').getAttribute('data-offline'), 'works');
  }
  await moue.screenshot('offline');
});

test('without a network the page opens on WebGPU too', { browser: 'gpu', query: 'engine=webgpu' }, async (moue, page) => {
  await cutOff(moue, page);
  await visitAgain(moue, page, '?engine=webgpu');
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

test('on a later visit the browser looks for a newer list of files, once, and nothing else is asked for', CPU, async (moue, page) => {
  moue.server.requests.length = 0;
  await visitAgain(moue, page);
  await askedFor(moue, FILE_LIST);
  await moue.reads('drop', await fixture('happy.png'));
  await sleep(QUIET_MILLIS);
  assert.deepEqual(moue.server.requests, [FILE_LIST]);
});

test('left alone on a first visit, the page asks for nothing, and the browser looks at the list of files once at most', CPU, async (moue) => {
  moue.server.requests.length = 0;
  // Longer than Chromium keeps an idle service worker.
  await sleep(40_000);
  assert.deepEqual(moue.asked(), []);
});

test('what is no file of the page is left to the network', { ...CPU, may_log: /404|ERR_EMPTY_RESPONSE/ }, async (moue, page) => {
  const ask = () =>
    page.evaluate(async () => {
      const answers = ['engine.js?build=0', 'no-such-file', '../other/engine.js'].map((address) => fetch(address));
      return (await Promise.allSettled(answers)).map((answer) => answer.value?.status ?? 'failed');
    });
  moue.server.requests.length = 0;
  assert.deepEqual(await ask(), [200, 404, 404]);
  assert.equal(moue.server.requests.length, 3);
  moue.server.gone = true;
  assert.deepEqual(await ask(), ['failed', 'failed', 'failed']);
});

const DAMAGES = [
  ['one byte more', (bytes) => Buffer.concat([bytes, Buffer.from('\n')])],
  ['no bytes', () => null],
];

for (const [what, damage] of DAMAGES) {
  const tamper = (path, bytes) => (path === 'icons/512.png' ? damage(bytes) : bytes);
  test(`a copy of which a file has ${what} is not kept, and the page says so and works`, { ...CPU, tamper, may_log: /404/ }, async (moue, page) => {
    assert.equal(await root(page, 'offline'), 'incomplete');
    assert.equal(await copies(page), 0, 'all or nothing');
    assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
    await moue.screenshot(`offline-incomplete-${what.replaceAll(' ', '-')}`);
    moue.server.tamper = null;
    await visitAgain(moue, page);
    assert.equal(await root(page, 'offline'), 'works', 'the next visit tries again');
  });
}

/** Changes the service worker's script. */
const worker = (change) => (path, bytes) => (path === FILE_LIST ? Buffer.from(change(bytes.toString())) : bytes);

test('a full device keeps no copy, and the page says so and works', {
  ...CPU,
  tamper: worker((script) => `Cache.prototype.put = () => Promise.reject(new DOMException('as a test', 'QuotaExceededError'));\n${script}`),
}, async (moue, page) => {
  await page.waitForFunction(() => document.documentElement.dataset.offline === 'no-room');
  assert.match(await moue.id('installed').innerText(), /no room/);
  assert.equal(await copies(page), 0, 'all or nothing');
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

test('a page that is served to be worked on keeps no copy, and says that it is meant so', {
  ...CPU,
  tamper: worker((script) => script.replace(/const FILES = \[[^;]*\];/, 'const FILES = [];')),
}, async (moue, page) => {
  await page.waitForFunction(() => document.documentElement.dataset.offline === 'disabled');
  assert.match(await moue.id('installed').innerText(), /lets no copy be saved/);
  assert.equal(await copies(page), 0);
  await page.reload();
  await moue.arrives('ready');
  await page.waitForFunction(() => document.documentElement.dataset.offline === 'disabled');
});

test('a new build waits for a yes, and comes whole', CPU, async (moue, page) => {
  const before = await root(page, 'build');
  moue.server.tamper = await nextBuild('start.js', '\ndocument.documentElement.dataset.next = "yes";\n');
  moue.server.requests.length = 0;
  await visitAgain(moue, page);
  await moue.id('update').waitFor();
  assert.ok(!moue.server.requests.some(isHeavy), `what did not change is not fetched: ${moue.server.requests}`);
  assert.equal(await root(page, 'build'), before, 'the page is the one that was kept');
  assert.equal(await root(page, 'next'), undefined);
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
  await moue.screenshot('update');
  // Declined, the old one goes on, also the next time.
  await moue.id('update-later').click();
  assert.equal(await moue.id('update').count(), 0);
  await visitAgain(moue, page);
  assert.equal(await root(page, 'build'), before);
  // Another tab of the same visitor.
  const other = await page.context().newPage();
  await other.goto(`${moue.server.url}?engine=cpu`);
  await other.locator('[data-testid="update"]').waitFor();
  moue.server.requests.length = 0;
  await moue.id('update-reload').click();
  await page.waitForFunction((before) => document.documentElement.dataset.build !== before, before);
  await moue.arrives('ready');
  assert.equal(await root(page, 'build'), 'feedfacefeedface');
  assert.equal(await root(page, 'next'), 'yes');
  assert.equal(await moue.id('update').count(), 0);
  assert.equal(await copies(page), 1, 'the old copy is gone');
  assert.ok(!moue.server.requests.some(isHeavy), `${moue.server.requests}`);
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
  // The tab that did not ask keeps what it shows and is told.
  assert.equal(await root(other, 'build'), before);
  await other.locator('[data-testid="update-reload"]').click();
  await other.waitForFunction((before) => document.documentElement.dataset.build !== before, before);
  await cutOff(moue, page);
  await visitAgain(moue, page);
  assert.equal(await root(page, 'next'), 'yes');
});

test('a new build that is damaged is not taken, and the old one goes on', CPU, async (moue, page) => {
  const next = await nextBuild('start.js', '\n');
  moue.server.tamper = (path, bytes) => (path === 'start.js' ? bytes : next(path, bytes));
  moue.server.requests.length = 0;
  await visitAgain(moue, page);
  // From the browser's cache, where it is none, and again from the server.
  await askedFor(moue, 'start.js');
  // The worker has opened its copy by now. The browser may try a second time before it gives up: what
  // counts is that nothing is left in the end.
  await page.waitForFunction(async () => {
    const { installing } = await navigator.serviceWorker.getRegistration();
    return !installing && (await caches.keys()).length === 1;
  });
  assert.equal(await root(page, 'offline'), 'works');
  assert.equal(await moue.id('update').count(), 0);
  await cutOff(moue, page);
  await visitAgain(moue, page);
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

const BLOCKS = [
  ['has no service workers', 'delete Navigator.prototype.serviceWorker;'],
  ['refuses service workers', "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('as a test', 'SecurityError'));"],
];

for (const [what, before] of BLOCKS) {
  test(`a browser that ${what} reads as before, and the page says that it keeps no copy`, { ...CPU, before }, async (moue, page) => {
    assert.equal(await root(page, 'offline'), 'unavailable');
    assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
    assert.equal(moue.server.requests.includes(FILE_LIST), false);
  });
}

test('the page can be installed', CPU, async (moue, page) => {
  const session = await page.context().newCDPSession(page);
  const { errors, url } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  assert.ok(url.endsWith('/app.webmanifest'), url);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Windows of a test are incognito, where nothing is installed.
  assert.deepEqual(installabilityErrors.map((error) => error.errorId).filter((id) => id !== 'in-incognito'), []);
  // The browser's offer, made by hand.
  assert.equal(await moue.id('install').count(), 0);
  await page.evaluate(() => {
    const offer = new Event('beforeinstallprompt', { cancelable: true });
    offer.prompt = () => Promise.resolve((window.prompted = true));
    window.dispatchEvent(offer);
  });
  await moue.screenshot('install-offered');
  await moue.id('install').click();
  assert.equal(await page.evaluate(() => window.prompted), true);
  assert.equal(await moue.id('install').count(), 0);
});

test('nothing is asked for through photo, camera, languages and everything that unfolds', CPU, async (moue, page) => {
  const asked = [];
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url())) asked.push(request.url());
  });
  moue.server.requests.length = 0;
  await moue.reads('drop', await fixture('happy.png'));
  await moue.reads('drop', await fixture('crowd.png'));
  for (const language of await moue.id('language').locator('option').all()) {
    await moue.id('language').selectOption(await language.getAttribute('value'));
  }
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  await moue.id('camera-start').click();
  await moue.id('face').first().waitFor();
  for (const name of ['details', 'mirror', 'attention', 'camera-pause']) {
    const button = moue.id(name).first();
    if (await button.count()) await button.click();
  }
  await moue.id('camera-stop').first().click();
  await sleep(QUIET_MILLIS);
  assert.deepEqual(asked, []);
  assert.deepEqual(moue.asked(), []);
});
