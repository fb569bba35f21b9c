// The package for H5P, taken in by h5p-server's own importer and validator and shown by its player:
// node tests/lms/h5p.mjs FOLDER_WITH_PACKAGES
// H5P_CORE is a folder of h5p-php-library, whose scripts are then shown; else they are those that h5p-standalone
// has in one file. A picture goes into the folder PICTURES, if set.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { launch } from '../browser/browsers.mjs';
import { TYPES } from '../browser/server.mjs';
import { agree, assertHappy, only, readIn, until } from '../embed/harness.mjs';

const require = createRequire(import.meta.url);
const { H5PConfig, H5PPlayer, fs: openEditor, fsImplementations } = require('@lumieducation/h5p-server');
const version = async (name) => JSON.parse(await readFile(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

const { H5P_CORE, PICTURES } = process.env;
const STANDALONE = new URL('node_modules/h5p-standalone/dist/', import.meta.url).pathname;
const USER = { id: '1', name: 'Author', email: 'author@school.example', type: 'local' };
/** A title that platforms escape. */
const TITLE = 'A smile & a frown: what do they "say"?';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('name the folder in which moue.h5p lies: node tests/lms/h5p.mjs FOLDER');

let failed = 0;
const indent = (text) => text.split('\n').map((line) => `        ${line}`).join('\n');

async function check(name, body) {
  try {
    await body();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${indent(error.stack ?? String(error))}`);
  }
}

/** A page of a platform that shows a content in a frame, as h5p.js asks for, and notes every statement. */
const framed = ({ contentId, integration }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A course</title>
    <script>H5PIntegration = ${JSON.stringify(integration).replaceAll('<', '\\u003c')}; statements = [];</script>
    ${integration.core.styles.map((path) => `<link rel="stylesheet" href="${path}">`).join('')}
    ${integration.core.scripts.map((path) => `<script src="${path}"></script>`).join('')}
    <script>H5P.externalDispatcher.on('xAPI', ({ data }) => statements.push(data.statement));</script>
  </head>
  <body style="margin: 0 auto; max-width: 50rem">
    <div class="h5p-iframe-wrapper"><iframe class="h5p-iframe" data-content-id="${contentId}" src="about:blank" style="width: 100%; height: 1px; border: 0" scrolling="no"></iframe></div>
  </body>
</html>`;

/** Serves what the player names, and the pages `/framed/ID` and `/plain/ID`. `server.sent` has all that is no GET. */
async function serve(players, libraries) {
  const sent = [];
  const core = async (path) => {
    if (H5P_CORE) return readFile(join(H5P_CORE, path));
    // One file has all scripts, and one all styles.
    if (path === 'js/h5p.js') return readFile(join(STANDALONE, 'frame.bundle.js'));
    return readFile(join(STANDALONE, path)).catch(() => '');
  };
  const answers = {
    core,
    libraries: (path) => readFile(join(libraries, path)),
    contentUserData: () => '{"success":true,"data":false}',
  };
  const answer = async (path) => {
    const [, kind, id] = path.match(/^\/(framed|plain)\/(\d+)$/) ?? [];
    if (kind) return players[kind].render(id, USER, 'en');
    const [, of, below] = path.match(/^\/h5p\/(\w+)\/(.+)$/) ?? [];
    return answers[of](normalize(below));
  };
  const http = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    if (request.method !== 'GET') sent.push(`${request.method} ${request.url} ${(await request.toArray()).join('')}`);
    try {
      const body = await answer(decodeURIComponent(pathname));
      response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' }).end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    }
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const close = () => {
    http.close();
    http.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${http.address().port}`, sent, close };
}

const temporary = await mkdtemp(join(tmpdir(), 'moue-h5p-'));
const libraries = join(temporary, 'libraries');
const contents = join(temporary, 'contents');
// A state would be saved every second.
const config = new H5PConfig(undefined, { contentUserStateSaveInterval: 1000 });
const editor = openEditor(config, libraries, join(temporary, 'uploads'), contents);
const player = () => new H5PPlayer(new fsImplementations.FileLibraryStorage(libraries), new fsImplementations.FileContentStorage(contents), config);
const server = await serve({ framed: player().setRenderer(framed), plain: player() }, libraries);
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
page.setDefaultTimeout(60_000);

const complaints = [];
const elsewhere = [];
page.on('console', (message) => {
  if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
});
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('request', (request) => {
  if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== server.origin) elsewhere.push(request.url());
});

/** Saves a content with these settings, as the editor does; returns its number. */
async function save({ metadata, parameters }, settings) {
  const { id } = await editor.saveOrUpdateContentReturnMetaData(undefined, { ...parameters, ...settings }, metadata, 'MoueFace 0.1', USER);
  return id;
}

/** Opens a content in the player's frame, whose document h5p.js writes. */
async function open(id) {
  await page.goto(`${server.origin}/framed/${id}`);
  const [, frame] = page.frames();
  await frame.locator('moue-face [part=start]').first().waitFor();
  return frame;
}

try {
  let uploaded;
  await check('the importer takes the package and installs its library', async () => {
    uploaded = await editor.uploadPackage(join(folder, 'moue.h5p'), USER);
    assert.deepEqual(uploaded.installedLibraries.map(({ type, newVersion }) => `${type} ${newVersion.machineName}`), ['new MoueFace']);
    assert.equal(uploaded.metadata.mainLibrary, 'MoueFace');
  });

  let frame;
  await check("the player shows the element below the author's title", async () => {
    frame = await open(await save(uploaded, { title: TITLE, text: 'For you alone.', language: 'en' }));
    assert.equal(await frame.locator('h2').innerText(), TITLE);
    assert.equal(await frame.locator('.moue-face > p').first().innerText(), 'For you alone.');
    assert.equal(await frame.locator('.moue-trouble').isVisible(), false);
  });

  await check('a photo is read as the page itself reads it', async () => {
    await assertHappy(browser, await readIn(frame, 'moue-face[mode=image]'));
  });

  await check('the person is asked, and the camera is read', async () => {
    await agree(only(frame, 'camera'), { shares: null });
    await frame.locator('moue-face [data-testid=face]').first().waitFor();
    await until('the frame is as high as what is in it', () => frame.evaluate(() => document.documentElement.scrollHeight <= innerHeight));
    if (PICTURES) await page.locator('iframe').screenshot({ path: join(PICTURES, 'h5p.png') });
  });

  await check('no statement is made, no state is saved, nothing is kept and nothing else is sent', async () => {
    assert.equal(await frame.evaluate(() => localStorage.length), 0);
    await page.waitForTimeout(3000);
    assert.deepEqual(await page.evaluate('statements'), []);
    // What would have been noted.
    await frame.evaluate(() => H5P.instances[0].triggerXAPI('attempted'));
    assert.equal(await page.evaluate('statements.length'), 1);
    await page.goto('about:blank');
    assert.deepEqual(server.sent, []);
    assert.deepEqual(elsewhere, []);
  });

  await check('a prohibited purpose is refused with its sentence', async () => {
    frame = await open(await save(uploaded, { purpose: 'workplace' }));
    await only(frame, 'camera').locator('moue-face [part=start]').click();
    const trouble = frame.locator('.moue-trouble:not([hidden])');
    await trouble.waitFor();
    assert.equal(await trouble.getAttribute('data-code'), 'purpose-prohibited');
    assert.match(await trouble.innerText(), /Article 5\(1\)\(f\)/);
  });

  await check('a platform without a frame shows it, too', async () => {
    await page.goto(`${server.origin}/plain/${await save(uploaded, { language: 'de' })}`);
    const start = only(page, 'camera').locator('moue-face [part=start]');
    assert.equal(await start.innerText(), 'Kamera starten');
  });

  await check('the console stays free of errors', () => assert.deepEqual(complaints, []));
} finally {
  const core = H5P_CORE ? `h5p-php-library in ${H5P_CORE}` : `h5p-standalone ${await version('h5p-standalone')}`;
  console.log(`\nh5p-server ${await version('@lumieducation/h5p-server')} (H5P ${config.h5pVersion}), ${core}, ${browser.browserType().name()} ${browser.version()}`);
  await browser.close();
  server.close();
  await rm(temporary, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
