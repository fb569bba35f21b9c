// Runs tests one after the other, each with a host page of its own, and counts them.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { BROWSER, chosen, launch } from '../browser/browsers.mjs';
import { fixture } from '../browser/files.mjs';
import { DIST, Page } from '../browser/harness.mjs';
import { serve } from '../browser/server.mjs';
import { note } from '../browser/support.mjs';

/** What `make package` made. */
export const PACKAGE = fileURLToPath(new URL('../../package/', import.meta.url));

/** A policy that allows what moue needs, and nothing else. */
export const STRICT = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
].join('; ');

const ELEMENT = '<moue-face purpose="self-reflection" lang="en"></moue-face>';
const LIMIT_SECS = 120;

const tests = [];

/** Declares a test, which gets `{ browser, server, open }`; see `Host` for what `open` gives. */
export function test(name, body) {
  tests.push({ name, body });
}

/** Runs the tests that `wanted` asks for (see `chosen` in browsers.mjs); returns how many failed. */
export async function run(wanted) {
  const { run, left, notes } = chosen('embed', tests, wanted);
  const browser = await launch();
  let passed = 0;
  const failed = [];
  for (const { name, body } of run) {
    const started = Date.now();
    const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    const server = await serve(PACKAGE);
    const hosts = [];
    const open = async (options) => {
      const host = await Host.open(options?.browser ?? browser, server, options);
      hosts.push(host);
      return host;
    };
    try {
      await within(LIMIT_SECS, body({ browser, server, open }));
      for (const host of hosts) host.isClean();
      passed += 1;
      console.log(`ok      ${name} (${took()})`);
    } catch (error) {
      failed.push(name);
      console.log(`FAILED  ${name} (${took()})\n${indent(error.stack ?? String(error))}`);
      for (const { complaints } of hosts) if (complaints.length > 0) console.log(indent(`console:\n${complaints.join('\n')}`));
    }
    for (const host of hosts) await host.close();
    await server.close();
  }
  const version = browser.version();
  await browser.close();
  if (failed.length > 0) console.log(`\nfailed:\n${indent(failed.join('\n'))}`);
  console.log(`\n${passed} passed, ${failed.length} failed${left ? `, ${left} left out` : ''}`);
  if (notes) await note(BROWSER, 'embed', { version, passed, failed: failed.length, left });
  return passed === 0 ? 1 : failed.length;
}

/** A page that embeds moue. */
export class Host {
  /** Console errors, and what the page's policy forbade. */
  complaints = [];

  /**
   * Opens a page beside the package's files that loads `script` (an address) with `attributes`, and has
   * `body` in it, in `browser` if that is named; or the page at `url`. `policy` is its Content-Security-Policy. Console errors that
   * `may_log` matches belong to the test.
   */
  static async open(browser, server, options = {}) {
    const { body = ELEMENT, script = 'embed.js', attributes = '', policy = STRICT, may_log, url } = options;
    const host = new Host();
    host.may_log = may_log;
    host.context = await browser.newContext();
    host.page = await host.context.newPage();
    host.page.setDefaultTimeout(60_000);
    host.page.on('console', (message) => {
      const isIcon = message.location().url.endsWith('/favicon.ico');
      if (message.type() === 'error' && !isIcon) host.complaints.push(message.text());
    });
    host.page.on('pageerror', (error) => host.complaints.push(String(error)));
    await host.page.addInitScript(watch);
    server.headers['content-security-policy'] = policy;
    server.files['host.html'] = `<!doctype html><title>host</title><script type="module" src="${script}" ${attributes}></script><body>${body}`;
    await host.page.goto(url ?? `${server.url}host.html`);
    return host;
  }

  /** Runs `body(element, argument)` in the page, of which `element` is the first moue-face; an error comes back as `{ code, message }`. */
  run(body, argument = null) {
    return this.page.evaluate(`(async () => {
      try {
        return await (${body})(document.querySelector('moue-face'), ${JSON.stringify(argument)});
      } catch (error) {
        return { code: error.code ?? String(error), message: error.message };
      }
    })()`);
  }

  /** Has the element, or `Moue` with these options, read tests/fixtures/happy.png. */
  async reads(options = null) {
    const { buffer } = await fixture('happy.png');
    return this.run(READ, [buffer.toString('base64'), options]);
  }

  /** What was dispatched so far, as `[name, detail]`. */
  events() {
    return this.page.evaluate(() => globalThis.told.events);
  }

  isClean() {
    const complaints = this.complaints.filter((text) => !this.may_log?.test(text));
    assert.deepEqual(complaints, [], 'the console stays free of errors and of breaches of the policy');
  }

  close() {
    return this.context.close();
  }
}

/** Runs in the page before anything of it. */
function watch() {
  const told = { events: [], violations: [] };
  globalThis.told = told;
  const names = ['ready', 'consent', 'expression', 'face-lost', 'engine-change', 'device-lost', 'error'];
  for (const name of names) {
    // `error` does not bubble.
    addEventListener(name, (event) => event.target.localName === 'moue-face' && told.events.push([name, event.detail]), true);
  }
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    // Firefox tells of the icon that every browser asks for.
    if (!blockedURI.endsWith('/favicon.ico')) told.violations.push(`${effectiveDirective} ${blockedURI}`);
  });
}

/** Has the element at `selector` of a page or a frame read tests/fixtures/happy.png; an error comes back as `{ code, message }`. */
export async function readIn(place, selector) {
  const { buffer } = await fixture('happy.png');
  return place.evaluate(async ([selector, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    try {
      return await document.querySelector(selector).analyze(new Blob([bytes], { type: 'image/png' }));
    } catch (error) {
      return { code: error.code ?? String(error), message: error.message };
    }
  }, [selector, buffer.toString('base64')]);
}

/** Runs in the page. */
const READ = async (element, [base64, options]) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const picture = new Blob([bytes], { type: 'image/png' });
  if (!options) return element.analyze(picture);
  const { Moue } = await import(document.querySelector('script[src]').src);
  const moue = await Moue.create(options);
  try {
    return await moue.analyze(picture);
  } finally {
    moue.close();
  }
};

let asThePage = null;

/** Fails unless `reading` has the face of happy.png with the numbers that the page itself gives. */
export async function assertHappy(browser, reading) {
  assert.ok(reading.faces, `not read: ${JSON.stringify(reading)}`);
  asThePage ??= process.env.STUB ? { happy: 1 } : await readInPage(browser);
  const [face, ...others] = reading.faces;
  assert.equal(others.length, 0, 'one face');
  assert.equal(face.expression, 'happy');
  assert.equal(Object.keys(face.probabilities).length, 8);
  for (const [expression, probability] of Object.entries(asThePage)) {
    const difference = Math.abs(face.probabilities[expression] - probability);
    assert.ok(difference < 1e-4, `${expression}: ${face.probabilities[expression]} here, ${probability} in the page`);
  }
}

async function readInPage(browser) {
  const server = await serve(DIST);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    const tools = new Page(page, server);
    await tools.arrives('ready');
    const [face] = await tools.reads('pick', await fixture('happy.png'));
    return face.probabilities;
  } finally {
    await context.close();
    await server.close();
  }
}

/**
 * Starts the camera of the moue-face in `place`, a page or a frame, as a person does: presses the button, is
 * asked, and agrees, with the tick that the host may have the readings, without it, or, where `shares` is null, with no
 * such tick to be seen.
 */
export async function agree(place, { shares }) {
  await place.locator('moue-face [part=start]').click();
  const dialog = place.locator('moue-face dialog');
  await dialog.waitFor();
  assert.ok(await dialog.evaluate((dialog) => dialog.contains(dialog.getRootNode().activeElement)), 'the focus is in the question');
  const tick = dialog.locator('[data-testid=share] input');
  if (shares === null) assert.equal(await tick.count(), 0, 'nobody is asked to share');
  else assert.equal(await tick.isChecked(), false, 'nobody is asked with a tick already there');
  if (shares) await tick.check();
  await dialog.locator('[data-testid=consent-agree]').click();
}

/** The element of one mode, of several in `place`, as a place with one element. */
export const only = (place, mode) => ({ locator: (selector) => place.locator(selector.replace('moue-face', `moue-face[mode=${mode}]`)) });

/** Waits until `body()` gives something true. */
export async function until(what, body) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await body()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`waited in vain: ${what}`);
}

function within(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still running after ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const indent = (text) => text.split('\n').map((line) => `        ${line}`).join('\n');
