// The packages for learning platforms in scorm-again, a player of SCORM, in the frames, windows and objects in
// which platforms show them, and beside platforms that fail.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { assertAccessible } from '../browser/axe.mjs';
import { DIST } from '../browser/harness.mjs';
import { serve } from '../browser/server.mjs';
import { tracks, watch } from '../browser/watch.mjs';
import { agree, assertHappy, only, readIn, test, until } from './harness.mjs';
import { packages, unpacked, unzip } from './packages.mjs';

const ARTIFACTS = fileURLToPath(new URL('artifacts/', import.meta.url));
const PLAYER = new URL('node_modules/scorm-again/dist/', import.meta.url);

const MOST_BYTES = { without: 5_500_000, with: 6_500_000, inScripts: 6_000_000 };
/** What is loaded before the button is pressed. */
const MOST_BYTES_BEFORE = 40_000;

const EDITIONS = [
  { name: 'SCORM 1.2', zip: 'moue-scorm12.zip', script: 'scorm12', at: 'API', player: 'Scorm12API', open: 'LMSInitialize', close: 'LMSFinish', set: 'LMSSetValue' },
  { name: 'SCORM 2004', zip: 'moue-scorm2004.zip', script: 'scorm2004', at: 'API_1484_11', player: 'Scorm2004API', open: 'Initialize', close: 'Terminate', set: 'SetValue' },
];

/** Tall enough for the whole frame: playwright scrolls no page for what stands fixed in a frame. */
const VISITOR = { locale: 'en-GB', viewport: { width: 1000, height: 1000 } };

const FRAME = (address, attributes = '') => `<iframe id="sco" width="900" height="900" src="${address}" ${attributes}></iframe>`;

/** A platform's page around `frame`: `lms.calls` has what the player heard. `answers` stand for the player's own. */
const lms = ({ script, at, player }, frame, answers = '{}') => `<!doctype html><title>A course</title>
<script src="${script}.min.js"></script><script src="cross-frame-lms.min.js"></script>
<script>
  const player = new ${player}({ autocommit: false, logLevel: 5 });
  const answers = ${answers};
  globalThis.lms = { calls: [], record: () => JSON.parse(player.renderCMIToJSONString()), player };
  const names = ["Initialize", "Terminate", "GetValue", "SetValue", "Commit", "GetLastError", "GetErrorString", "GetDiagnostic"]
    .flatMap((name) => [name, "LMS" + name]).concat("LMSFinish", "getFlattenedCMI").filter((name) => typeof player[name] === "function" || name === "getFlattenedCMI");
  globalThis.${at} = Object.fromEntries(names.map((name) => [name, (...values) => {
    lms.calls.push([name, ...values]);
    return Object.hasOwn(answers, name) ? answers[name](...values) : player[name](...values);
  }]));
  addEventListener("error", ({ message }) => { lms.error = message; });
</script>
<body>${frame}`;

/** Serves a package with the player beside it. */
async function platform(edition, settings = {}, options = []) {
  const made = await packages(settings, ...options);
  const server = await serve(await unpacked(made[edition.zip]));
  for (const name of [edition.script, 'cross-frame-lms', 'cross-frame-api']) {
    server.files[`${name}.min.js`] = await readFile(new URL(`${name}.min.js`, PLAYER));
  }
  return server;
}

/** Opens a platform's page in a context of its own and runs `body({ page, sco, server, calls })`, of which `sco` is the package's frame. */
async function play({ browser }, edition, { settings, options, page: html, headers = {}, types = {}, before = () => {} }, body) {
  const server = await platform(edition, settings, options);
  Object.assign(server.headers, headers);
  Object.assign(server.types, types);
  server.files['lms.html'] = html ?? lms(edition, FRAME('index.html'));
  const context = await browser.newContext(VISITOR);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.addInitScript(watch);
    await before({ page, server });
    await page.goto(`${server.url}lms.html`);
    const sco = await inside(page);
    const calls = (name) => page.evaluate((name) => lms.calls.filter(([called]) => !name || called === name), name);
    await body({ page, sco, server, calls, context });
  } finally {
    await context.close();
    await server.close();
  }
}

/** The frame of the package, once its page has begun. */
async function inside(page) {
  let found;
  await until('the package is there', async () => {
    for (const frame of page.frames()) if (/index\.html$/.test(new URL(frame.url(), 'http://none').pathname)) found = frame;
    return found && (await found.locator('moue-face, [data-code]').count().catch(() => 0)) > 0;
  });
  return found;
}

const reads = (sco) => readIn(sco, 'moue-face[mode=image]');
const leave = (page, id = 'sco') => page.evaluate((id) => document.getElementById(id).remove(), id);

const picture = async (page, name) => {
  await mkdir(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: `${ARTIFACTS}${name}.png`, fullPage: true });
};

test('a package holds what its manifest names, and is small', async () => {
  for (const [options, most] of [[[], MOST_BYTES.with], [['--without-webgpu'], MOST_BYTES.without], [['--in-scripts'], MOST_BYTES.inScripts]]) {
    const made = await packages({ title: 'Smile & <frown>' }, ...options);
    for (const [name, zip] of Object.entries(made)) {
      assert.ok(zip.length <= (name.endsWith('.h5p') ? MOST_BYTES.inScripts : most), `${name} with ${options} has ${zip.length} bytes`);
      const files = unzip(zip);
      if (name.endsWith('.h5p')) continue;
      const manifest = files['imsmanifest.xml'].toString();
      const named = [...manifest.matchAll(/<file href="([^"]+)"/g)].map(([, path]) => path);
      assert.deepEqual(['imsmanifest.xml', ...named].sort(), Object.keys(files).sort());
      assert.match(manifest, /<title>Smile &amp; &lt;frown&gt;<\/title>/);
    }
  }
});

for (const edition of EDITIONS) {
  test(`${edition.name}: a learner reads a photo and the camera, and the platform hears nothing but the beginning and the end`, async ({ browser }) => {
    await play({ browser }, edition, {}, async ({ page, sco, server, calls }) => {
      const untouched = await page.evaluate(() => lms.record());
      const before = server.requests.filter((path) => !/^(lms\.html|scorm\d+\.min\.js|cross-frame.*|.*favicon.ico)$/.test(path));
      const bytes = await Promise.all([...new Set(before)].map(async (path) => Buffer.byteLength(await (await fetch(server.url + path)).text())));
      const sum = bytes.reduce((total, count) => total + count, 0);
      assert.ok(sum <= MOST_BYTES_BEFORE, `${sum} bytes before the button: ${before}`);
      assert.equal(await sco.locator('h1').textContent(), 'What does my face look like?');

      await assertHappy(browser, await reads(sco));
      await agree(only(sco, 'camera'), { shares: null });
      await sco.locator('moue-face[mode=camera] [data-testid="face"]').first().waitFor();
      await picture(page, `scorm-${edition.script}`);
      await page.waitForTimeout(500);
      assert.equal(await sco.evaluate(() => localStorage.length + sessionStorage.length), 0, 'nothing is kept, not even that somebody agreed');
      await leave(page);
      await until('the session is closed', async () => (await calls(edition.close)).length === 1);
      const heard = (await calls()).map(([name]) => name);
      assert.deepEqual(heard, [edition.open, edition.close]);
      assert.deepEqual(await page.evaluate(() => lms.record()), untouched);
      assert.ok((await tracks(page)).every((state) => state === 'ended'), 'the camera is off');
    });
  });

  test(`${edition.name}: what an author has reported is that it was completed and how long it took, of who refuses the camera too`, async ({ browser }) => {
    await play({ browser }, edition, { settings: { report: true } }, async ({ page, sco, calls }) => {
      await sco.locator('moue-face[mode=camera] [part=start]').click();
      await sco.locator('moue-face[mode=camera] dialog [data-testid=consent-decline]').click();
      await leave(page);
      await until('the session is closed', async () => (await calls(edition.close)).length === 1);
      const set = (await calls(edition.set)).map(([, key, value]) => [key, value]);
      assert.equal(set.length, 2, JSON.stringify(set));
      const [[status, completed], [time, took]] = set;
      assert.deepEqual([status, completed], [edition.at === 'API' ? 'cmi.core.lesson_status' : 'cmi.completion_status', 'completed']);
      assert.match(time, /session_time$/);
      assert.match(took, edition.at === 'API' ? /^0000:00:\d\d\.\d\d$/ : /^PT\d+(\.\d+)?S$/);
    });
  });

  test(`${edition.name}: in a sandboxed frame of another origin`, async ({ browser }) => {
    const content = await platform(edition, { report: true });
    content.files['launch.html'] = `<!doctype html><title>launch</title><script src="cross-frame-api.min.js"></script>
      <script>globalThis.${edition.at} = new CrossFrameAPI("*");</script><body>${FRAME('index.html', 'allow="camera"')}`;
    const sandbox = 'sandbox="allow-scripts allow-same-origin allow-downloads" allow="camera"';
    const html = `${lms(edition, FRAME(`${content.url}launch.html`, sandbox))}<script>new CrossFrameLMS(${edition.at}, "${content.origin}");</script>`;
    try {
      await play({ browser }, edition, { page: html }, async ({ page, sco, calls }) => {
        await until('the platform heard it', async () => (await calls(edition.open)).length === 1);
        await assertHappy(browser, await reads(sco));
        await agree(only(sco, 'camera'), { shares: null });
        await sco.locator('moue-face[mode=camera] [data-testid="face"]').first().waitFor();
        await page.frames()[1].evaluate(() => document.getElementById('sco').remove());
        await until('the session is closed', async () => (await calls(edition.close)).length === 1);
        const set = (await calls(edition.set)).map(([, key]) => key);
        assert.equal(set.length, 2, JSON.stringify(set));
      });
    } finally {
      await content.close();
    }
  });
}

test('without a platform the folder is a plain page, also in a frame of another origin that lends no camera', async ({ browser, server: other }) => {
  const [edition] = EDITIONS;
  const server = await platform(edition);
  other.files['host.html'] = `<!doctype html><title>host</title><body>${FRAME(`${server.url}index.html`)}`;
  const context = await browser.newContext({ ...VISITOR, locale: 'de-DE' });
  try {
    const page = await context.newPage();
    await page.goto(`${other.url}host.html`);
    const sco = await inside(page);
    assert.equal(await sco.locator('#lms').isVisible(), false);
    await agree(only(sco, 'camera'), { shares: null });
    await sco.getByText('allow="camera"').first().waitFor();
    await assertHappy(browser, await reads(sco));
    await assertAccessible(page, 'a package', ['html-has-lang', 'region', 'landmark-one-main', 'page-has-heading-one', 'frame-title']);
    await picture(page, 'scorm-no-camera');
  } finally {
    await context.close();
    await server.close();
  }
});

test('in the window that a platform opens, and in the object that Moodle makes', async ({ browser }) => {
  const [edition] = EDITIONS;
  const popup = lms(edition, '<button id="open" onclick="open(\'index.html\', \'sco\', \'width=800,height=800\')">Open</button>');
  const server = await platform(edition);
  server.files['lms.html'] = popup;
  const context = await browser.newContext(VISITOR);
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}lms.html`);
    const [window] = await Promise.all([context.waitForEvent('page'), page.click('#open')]);
    await window.locator('moue-face').first().waitFor();
    await assertHappy(browser, await reads(window.mainFrame()));
    await window.close({ runBeforeUnload: true });
    await until('the session is closed', async () => (await page.evaluate(() => lms.calls.map(([name]) => name))).includes(edition.close));
  } finally {
    await context.close();
    await server.close();
  }
  // The elements of Moodle's player (mod/scorm/module.js of MOODLE_405_STABLE): its page holds the API, an object the SCO.
  const moodle = lms(
    edition,
    `<div id="scormpage"><div id="tocbox"><div id="toctree"><div id="scorm_layout"><div id="scorm_toc"></div><div id="scorm_content">
      <object id="scorm_object" type="text/html" data="index.html" style="width: 900px; height: 900px"></object></div></div></div></div></div>`,
  );
  await play({ browser }, edition, { page: moodle }, async ({ page, sco, calls }) => {
    await assertHappy(browser, await reads(sco));
    await agree(only(sco, 'camera'), { shares: null });
    await sco.locator('moue-face[mode=camera] [data-testid="face"]').first().waitFor();
    await leave(page, 'scorm_object');
    await until('the session is closed', async () => (await calls(edition.close)).length === 1);
  });
});

test('what an author wrote wrongly is named on the page, and the session is closed all the same', async ({ browser }) => {
  const [edition] = EDITIONS;
  const cases = [
    ['{"purpose": "education-institution"}', 'purpose-prohibited', true],
    ['{"purpose": "workplace", "legal-basis": "because"}', 'legal-basis-unknown', true],
    ['{"purpose": "mood"}', 'purpose-unknown', true],
    ['{"purpose": ""}', 'purpose-missing', true],
    ['{"titel": "Mirror"}', 'settings-unknown-key', false],
    ['{"title": "Mirror",}', 'settings-broken', false],
    ['{"report": 1}', 'settings-invalid', false],
  ];
  for (const [settings, code, needsPress] of cases) {
    const before = ({ server }) => {
      server.files['settings.json'] = settings;
    };
    await play({ browser }, edition, { before }, async ({ page, sco, calls }) => {
      if (needsPress) await sco.locator('moue-face[mode=camera] [part=start]').click();
      await sco.locator(`#trouble[data-code="${code}"]`).waitFor();
      if (!needsPress) await sco.locator(`#lms[data-code="${code}"]`).waitFor();
      assert.equal(await sco.locator('moue-face dialog[open]').count(), 0, 'nobody is asked');
      await leave(page);
      await until(`the session is closed (${code})`, async () => (await calls(edition.close)).length === 1);
      assert.deepEqual((await calls()).map(([name]) => name), [edition.open, edition.close]);
    });
  }
});

test('a platform that refuses, or says nothing, is told of and costs the learner nothing', async ({ browser }) => {
  for (const edition of EDITIONS) {
    const html = lms(edition, FRAME('index.html'), `{ ${edition.open}: () => "false", ${edition.open === 'Initialize' ? 'GetLastError' : 'LMSGetLastError'}: () => "101" }`);
    await play({ browser }, edition, { page: html, settings: { report: true } }, async ({ page, sco, calls }) => {
      await sco.locator('#lms[data-code="lms-refused"]').waitFor();
      await assertHappy(browser, await reads(sco));
      await picture(page, 'scorm-refused');
      await leave(page);
      await page.waitForTimeout(300);
      assert.deepEqual(await calls(edition.set), [], 'nothing is set in a session that was never opened');
    });
  }
});

test('closed before the engine is there, the session is reported and closed', async ({ browser }) => {
  const [edition] = EDITIONS;
  const before = ({ server }) => {
    server.tamper = async (path, bytes) => {
      if (path.endsWith('.wasm')) await new Promise((resolve) => setTimeout(resolve, 1500));
      return bytes;
    };
  };
  await play({ browser }, edition, { before, settings: { report: true } }, async ({ page, sco, server, calls }) => {
    await sco.locator('moue-face[mode=camera] [part=start]').click();
    await until('the program is asked for', () => server.requests.includes('element_bg.wasm'));
    await leave(page);
    await until('the session is closed', async () => (await calls(edition.close)).length === 1);
    const heard = (await calls()).map(([name]) => name);
    assert.deepEqual(heard, [edition.open, edition.set, 'LMSCommit', edition.set, edition.close]);
    assert.deepEqual(await tracks(page), [], 'no camera was asked for');
  });
});

test('a host with wrong types, without workers or without a camera', async ({ browser }) => {
  const [edition] = EDITIONS;
  await play({ browser }, edition, { types: { '.wasm': 'application/octet-stream', '.json': 'text/plain' } }, async ({ sco }) => {
    await assertHappy(browser, await reads(sco));
  });
  await play({ browser }, edition, { headers: { 'content-security-policy': "worker-src 'none'" } }, async ({ sco, page, calls }) => {
    const said = [];
    page.on('console', (message) => said.push(message.text()));
    assert.equal((await reads(sco)).code, 'no-worker');
    await sco.locator('moue-face[mode=camera] [part=start]').click();
    await until('the author finds a code', () => said.some((text) => text.startsWith('moue: no-worker')));
    await sco.locator('moue-face[mode=camera] [role=alert]').first().waitFor();
    await leave(page);
    await until('the session is closed', async () => (await calls(edition.close)).length === 1);
  });
  await play({ browser }, edition, { headers: { 'permissions-policy': 'camera=()' } }, async ({ sco }) => {
    await agree(only(sco, 'camera'), { shares: null });
    await sco.locator('moue-face[mode=camera] [role=alert]').first().waitFor();
    await assertHappy(browser, await reads(sco));
  });
});

test('in scripts: a host that serves neither .wasm nor .safetensors', async ({ browser }) => {
  for (const edition of EDITIONS) {
    const before = ({ server }) => {
      server.tamper = async (path, bytes) => (/\.(wasm|safetensors)$/.test(path) ? null : bytes);
    };
    await play({ browser }, edition, { before, options: ['--in-scripts'] }, async ({ sco, server }) => {
      await assertHappy(browser, await reads(sco));
      assert.ok(!server.requests.some((path) => /\.(wasm|safetensors)$/.test(path)), server.requests.join(' '));
    });
  }
});

test('the page that makes a package gives the bytes that the command gives', async ({ browser }) => {
  const server = await serve(DIST);
  const context = await browser.newContext({ locale: 'en-GB', acceptDownloads: true, viewport: { width: 1000, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${server.url}scorm/make.html`);
    await picture(page, 'make');
    await assertAccessible(page, 'the page that makes packages');
    assert.ok(!server.requests.some((path) => /wasm|safetensors|packager/.test(path)), `before the button: ${server.requests}`);
    const settings = { title: 'Smile & <frown>', text: 'Look.\nSmile.', purpose: 'practice', language: 'de', report: true };
    for (const [key, value] of Object.entries({ title: settings.title, text: settings.text })) await page.fill(`#${key}`, value);
    await page.selectOption('#purpose', settings.purpose);
    await page.selectOption('#language', settings.language);
    await page.check('#report');
    for (const [target, ticks, options] of [
      ['moue-scorm12.zip', [], []],
      ['moue-scorm2004.zip', ['without-webgpu'], ['--without-webgpu']],
      ['moue-scorm12.zip', ['in-scripts'], ['--in-scripts']],
      ['moue.h5p', [], []],
    ]) {
      await page.selectOption('#target', target);
      for (const id of ['without-webgpu', 'in-scripts']) await page.setChecked(`#${id}`, ticks.includes(id));
      await page.click('#make');
      await page.locator('#result').waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('#file')]);
      assert.equal(download.suggestedFilename(), target);
      const ours = await readFile(await download.path());
      const theirs = (await packages(settings, ...options))[target];
      assert.ok(ours.equals(theirs), `${target} ${options}: ${ours.length} bytes here, ${theirs.length} there`);
    }
    await picture(page, 'make-done');

    await page.selectOption('#purpose', 'workplace');
    await page.click('#make');
    await page.locator('#trouble').filter({ hasText: 'purpose-prohibited' }).waitFor();
    assert.equal(await page.locator('#result').isVisible(), false);
    await page.selectOption('#legal-basis', 'medical');
    server.tamper = async (path, bytes) => (path === 'engine.js' ? null : bytes);
    await page.click('#make');
    await page.locator('#trouble').filter({ hasText: 'engine.js did not arrive' }).waitFor();
    assert.equal(await page.locator('#state').textContent(), '');
    for (const [width, scheme] of [[320, 'light'], [320, 'dark'], [1000, 'dark']]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: scheme });
      await picture(page, `make-${width}-${scheme}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing is cut off at ${width} px`);
    }
  } finally {
    await context.close();
    await server.close();
  }
});
