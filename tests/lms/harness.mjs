// Checks of the package in a platform's own code: its servers, and what every platform has to show.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launch } from '../browser/browsers.mjs';
import { fixture } from '../browser/files.mjs';
import { assertHappy, only, readIn, until } from '../embed/harness.mjs';

/** On two busy cores a platform takes a minute to begin. */
const START_SECS = 180;

let passed = 0;
const failed = [];

function fail(name, error) {
  failed.push(name);
  console.log(`FAILED  ${name}\n${(error.stack ?? String(error)).replace(/^/gm, '        ')}`);
}

/** Runs these checks, `[name, body]`, each after the one before; where one fails, those after it have nothing to stand on. */
export async function inTurn(about, checks) {
  for (const [name, body] of checks) {
    const started = Date.now();
    try {
      await body();
      passed += 1;
      console.log(`ok      ${about}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      return fail(`${about}: ${name}`, error);
    }
  }
}

/**
 * Runs `body({ browser, packages, folder, env, python, start })`, ends whatever was started, and leaves 1 as the exit
 * code if a check failed. `packages` is the folder of the packages, `folder` one for the platform, which is removed, and
 * `env` what its programs get.
 */
export async function main(platform, body) {
  const [given] = process.argv.slice(2);
  const tools = resolve(process.env.LMS_TOOLS ?? '');
  if (!given || !existsSync(join(tools, platform))) throw new Error(`LMS_TOOLS=/path/to/environments node tests/lms/${platform}.mjs FOLDER_WITH_PACKAGES`);
  const packages = resolve(given);
  const folder = await mkdtemp(join(tmpdir(), `moue-${platform}-`));
  const servers = [];
  const program = (name) => join(tools, platform, 'bin', name);
  // Nothing of this user's own settings, and nothing over the network.
  const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1', http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9', no_proxy: '127.0.0.1,localhost' };
  const place = { env, cwd: folder, encoding: 'utf8' };

  /** Runs a program of the platform to its end and returns what it says. */
  const python = (name, ...given) => {
    const ended = spawnSync(program(name), given, { ...place, timeout: START_SECS * 1000 });
    if (ended.status !== 0) throw new Error(`${name} ${given.join(' ')} (${ended.status ?? ended.signal}):\n${ended.stdout}\n${ended.stderr}`);
    return ended.stdout;
  };

  /** Starts a server of the platform and waits until `url` answers; `server.said` is what it says. */
  const start = async (url, name, ...given) => {
    // In a group of its own, so that what it starts itself ends with it.
    const child = spawn(program(name), given, { ...place, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = { said: '' };
    for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (text) => (server.said += text));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    servers.push({ child, ended });
    for (const until = Date.now() + START_SECS * 1000; ; ) {
      if (await fetch(url).then(({ status }) => status < 500, () => false)) return server;
      if (child.exitCode !== null || Date.now() > until) throw new Error(`${platform} does not answer:\n${server.said.slice(-3000)}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };

  const browser = await launch();
  const end = async () => {
    await browser.close();
    for (const { child, ended } of servers) {
      const kill = (signal) => child.exitCode ?? child.signalCode ?? process.kill(-child.pid, signal);
      kill('SIGTERM');
      const slow = setTimeout(kill, 10_000, 'SIGKILL');
      await ended;
      clearTimeout(slow);
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end().finally(() => process.exit(1)));
  try {
    await body({ browser, packages, folder, env, python, start });
    const versions = python('pip', 'list', '--format=freeze', '--disable-pip-version-check');
    console.log(`\nChromium ${browser.version()}, ${TOLD[platform].map((name) => versions.match(new RegExp(`^${name}==.*$`, 'im'))?.[0].replace('==', ' ')).join(', ')}`);
  } catch (error) {
    fail('the platform', error);
  } finally {
    await end();
  }
  console.log(`${passed} passed, ${failed.length} failed`);
  process.exitCode = passed === 0 || failed.length > 0 ? 1 : 0;
}

/** The packages whose versions are told at the end. */
const TOLD = { openedx: ['openedx-scorm-xblock', 'xblock-sdk', 'XBlock', 'Django'], kolibri: ['kolibri'] };

/** Waits for the package's page in whatever frame of `page` it is, and returns the frame. */
export async function packagePage(page) {
  let found;
  await until('the page of the package', async () => {
    for (const frame of page.frames()) {
      if (await frame.locator('moue-face [part=start]').count().catch(() => 0)) found = frame;
    }
    return found;
  });
  return found;
}

/** Fails unless the page has its title and says of nothing that it is wrong. */
export async function assertShown(frame) {
  assert.equal(await frame.locator('h1').innerText(), 'What does my face look like?');
  for (const id of ['trouble', 'lms']) assert.equal(await frame.locator(`#${id}`).isVisible(), false, await frame.locator(`#${id}`).innerText());
  assert.match(await only(frame, 'camera').locator('moue-face [part=promise]').innerText(), /never leaves this device/);
}

/** Waits until the element says that the face it sees is happy. */
export async function readsHappy(place) {
  const verdict = place.locator('moue-face [data-testid=verdict]').first();
  await verdict.waitFor();
  await until('the face is read', async () => /happy/i.test(await verdict.innerText()));
}

/** Chooses happy.png as a learner does, and fails unless it is read with the numbers of moue's own page. */
export async function assertReadsPhoto(browser, frame) {
  const place = only(frame, 'image');
  const photo = await fixture('happy.png');
  await place.locator('moue-face [part=start]').click();
  await place.locator('moue-face [data-state=ready]').waitFor();
  await place.locator('moue-face [data-testid=file-input]').setInputFiles(photo);
  await readsHappy(place);
  await assertHappy(browser, await readIn(frame, 'moue-face[mode=image]'));
}

/** Takes a picture of the top of a page for the documentation, where PICTURES names a folder. */
export async function picture(page, name, height) {
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), clip: { x: 0, y: 0, width: page.viewportSize().width, height } });
}
