// Runs tests one after the other, in real browsers, and counts them.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BROWSER, chosen, launch } from './browsers.mjs';
import { serve } from './server.mjs';
import { closeStudio } from './studio.mjs';
import { note } from './support.mjs';

const HERE = new URL('./', import.meta.url);
/** The built page. */
export const DIST = fileURLToPath(process.env.DIST ? new URL(process.env.DIST, `file://${process.cwd()}/`) : new URL('../../dist', HERE));
const ARTIFACTS = fileURLToPath(new URL('artifacts/', HERE));

/** A test that hangs fails after so long; on two busy cores a first WebGPU pass alone takes many seconds. */
const LIMIT_SECS = 180;

/** What the page keeps of an agreement, as `src/web/session/consent.rs` writes it. */
export const CONSENT = ['moue-consent', '1'];

/** The script of the service worker, in which the list of files stands. */
export const FILE_LIST = 'service-worker.js';

const tests = [];

/**
 * Declares a test. Options: `browser` (a kind of browsers.mjs), `query` (after the `?` of the address),
 * `before` (runs in the page before anything of it), `tamper` (see server.mjs), `arrive` (the state
 * to wait for), `context` (options of the browser context), `may_log` (a console error that belongs
 * to this test), `consents` (whether the visitor agreed to the camera before; true unless told), `limit` (seconds after
 * which it fails, where it has much to do).
 */
export function test(name, options, body) {
  tests.push({ name, body, browser: 'plain', query: '', arrive: 'ready', context: {}, consents: true, limit: LIMIT_SECS, ...options });
}

/** Runs the tests that `wanted` asks for (see `chosen` in browsers.mjs); returns how many failed. */
export async function run(wanted) {
  const { run, left, notes } = chosen('page', tests, wanted);
  await mkdir(ARTIFACTS, { recursive: true });
  const server = await serve(DIST);
  const launched = {};
  let passed = 0;
  const failed = [];
  for (const one of run) {
    const started = Date.now();
    const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    try {
      // One that crashed in a test before is replaced.
      if (!launched[one.browser]?.isConnected()) launched[one.browser] = await launch(one.browser);
      await within(one.limit, inPage(launched[one.browser], server, one));
      passed += 1;
      console.log(`ok      ${one.name} (${took()})`);
    } catch (error) {
      failed.push(one.name);
      console.log(`FAILED  ${one.name} (${took()})\n${indent(error.stack ?? String(error))}`);
    }
  }
  const version = Object.values(launched)[0]?.version();
  for (const browser of Object.values(launched)) await browser.close();
  await closeStudio();
  await server.close();
  if (failed.length > 0) console.log(`\nfailed:\n${indent(failed.join('\n'))}`);
  console.log(`\n${passed} passed, ${failed.length} failed${left ? `, ${left} left out` : ''}`);
  if (notes) await note(BROWSER, 'page', { version, passed, failed: failed.length, left });
  return passed === 0 ? 1 : failed.length;
}

async function inPage(browser, server, one) {
  server.tamper = one.tamper ?? null;
  server.gone = false;
  server.headers = one.headers ?? {};
  server.requests.length = 0;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...one.context });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  const strangers = [];
  const complain = (text) => one.may_log?.test(text) || complaints.push(text);
  page.on('console', (message) => message.type() === 'error' && complain(message.text()));
  page.on('pageerror', (error) => complain(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && !url.startsWith(server.origin)) strangers.push(url);
  });
  try {
    if (one.consents) await page.addInitScript(agreed, CONSENT);
    if (one.before) await page.addInitScript(one.before);
    await page.goto(server.url + (one.query ? `?${one.query}` : ''));
    const tools = new Page(page, server);
    if (one.arrive) await tools.arrives(one.arrive);
    await one.body(tools, page);
    assert.deepEqual(complaints, [], 'the console stays free of errors');
    assert.deepEqual(strangers, [], 'nothing is asked of another host');
  } catch (error) {
    await page.screenshot({ path: `${ARTIFACTS}failed-${slug(one.name)}.png` }).catch(() => {});
    if (complaints.length > 0) error.stack += `\nconsole:\n${indent(complaints.join('\n'))}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** Runs in the page: the visitor agreed to the camera before. */
function agreed([key, version]) {
  // An empty page, as before the first address, has no storage.
  if (location.protocol.startsWith('http')) localStorage.setItem(key, version);
}

/** What tests do with the page, in its own words. */
export class Page {
  constructor(page, server) {
    this.page = page;
    this.server = server;
  }

  id(testid) {
    return this.page.locator(`[data-testid="${testid}"]`);
  }

  /** Waits for a state of the whole page; another final state ends the wait. */
  async arrives(state) {
    const final = await this.page.waitForFunction(
      (wanted) => {
        const now = document.documentElement.dataset.state;
        return (now === wanted || ['ready', 'failed', 'unsupported'].includes(now)) && now;
      },
      state,
      { timeout: 150_000 },
    );
    const reached = await final.jsonValue();
    const told = reached === state ? '' : await this.page.locator('body').innerText();
    assert.equal(reached, state, `the page came to "${reached}": ${told.slice(0, 600)}`);
    if (state === 'ready') await this.settles();
  }

  /**
   * What was asked for since `server.requests` was emptied, without the one look that the browser itself
   * takes at the list of files at a time of its own choice: half a minute after a first visit, say.
   */
  asked() {
    const look = this.server.requests.indexOf(FILE_LIST);
    return this.server.requests.filter((_, at) => at !== look);
  }

  /** Waits until the page is through with its copy on this device, and returns what came of it. */
  async settles() {
    const offline = await this.page.waitForFunction(() => {
      const now = document.documentElement.dataset.offline;
      return now !== 'preparing' && now;
    });
    return offline.jsonValue();
  }

  /** Drops a file on the drop zone, as the browser does. */
  async drop(file) {
    const transfer = await this.transfer(file);
    for (const kind of ['dragenter', 'dragover', 'drop']) {
      await this.id('drop-zone').dispatchEvent(kind, { dataTransfer: transfer });
    }
  }

  /** Pastes a file into the page. */
  async paste(file) {
    const transfer = await this.transfer(file);
    await this.page.evaluate((clipboardData) => {
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      // Firefox gives an event that a script makes an empty clipboard.
      if (!paste.clipboardData?.files.length) Object.defineProperty(paste, 'clipboardData', { value: clipboardData });
      document.body.dispatchEvent(paste);
    }, transfer);
  }

  /** Chooses a file. */
  async pick(file) {
    await this.id('file-input').setInputFiles(file);
  }

  async transfer({ name, mimeType, buffer }) {
    const content = buffer.toString('base64');
    return this.page.evaluateHandle(
      ([base64, name, type]) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        return transfer;
      },
      [content, name, mimeType],
    );
  }

  /** Hands over a photo (`how`: drop, pick or paste) and waits until its reading is shown. */
  async reads(how, file) {
    const shown = () => this.page.evaluate(() => document.querySelector('[data-testid="photo"]')?.src ?? null);
    const before = await shown();
    await this[how](file);
    await this.page.waitForFunction(
      (before) => {
        const now = document.querySelector('[data-testid="photo"]')?.src ?? null;
        const error = document.querySelector('[data-testid="error"]');
        return error || (now !== null && now !== before);
      },
      before,
      { timeout: 120_000 },
    );
    const error = this.id('error');
    if (await error.count()) assert.fail(`${file.name}: ${await error.innerText()}`);
    return this.faces();
  }

  /** Hands over a file that cannot be read and returns `{ code, sentence }`. */
  async refuses(how, file) {
    await this[how](file);
    const error = this.id('error');
    await error.waitFor({ timeout: 60_000 });
    return { code: await error.getAttribute('data-code'), sentence: await error.innerText() };
  }

  /** Every face shown: `{ probabilities, logits, verdict }`, the first two by expression. */
  async faces() {
    return this.page.evaluate(() => {
      const named = (face, attribute) => {
        const bars = [...face.querySelectorAll('[data-testid^="bar-"]')];
        const value = (bar) => (bar.hasAttribute(attribute) ? Number(bar.getAttribute(attribute)) : NaN);
        return Object.fromEntries(bars.map((bar) => [bar.dataset.testid.slice('bar-'.length), value(bar)]));
      };
      return [...document.querySelectorAll('[data-testid="face"]')].map((face) => ({
        probabilities: named(face, 'data-probability'),
        logits: Object.fromEntries(Object.entries(named(face, 'data-logit')).filter(([name]) => name !== 'other')),
        verdict: face.querySelector('[data-testid="verdict"]')?.textContent ?? '',
      }));
    });
  }

  async screenshot(name, options = {}) {
    await this.page.screenshot({ path: `${ARTIFACTS}${name}.png`, fullPage: true, ...options });
  }
}

/** Fails unless `face` has probabilities of the seven and of what is left that sum to one. */
export function assertReading(face) {
  const names = ['anger', 'disgust', 'fear', 'happy', 'neutral', 'other', 'sad', 'surprise'];
  assert.deepEqual(Object.keys(face.probabilities).sort(), names, 'the bars');
  const values = Object.values(face.probabilities);
  assert.ok(values.every((value) => value >= 0 && value <= 1), `probabilities: ${values}`);
  const sum = values.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum - 1) < 1e-4, `the probabilities sum to ${sum}`);
  assert.ok(Object.values(face.logits).every(Number.isFinite), 'the bar of every expression carries its logit');
}

/** The likeliest expression of a face. */
export const top = (face) => Object.entries(face.probabilities).sort((a, b) => b[1] - a[1])[0][0];

export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const slug = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 60);
const indent = (text) => text.split('\n').map((line) => `        ${line}`).join('\n');

function within(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still running after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
