// The real page of dist/, as visitors load it: what is fetched before what, and how long it takes.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { quantile, summary } from './statistics.mjs';

const TALLY = await readFile(new URL('page/tally.js', import.meta.url), 'utf8');
const PHOTO = new URL('../fixtures/happy.jpg', import.meta.url);
const SHELL = '[data-testid="drop-zone"]';

const LIVE_WARM_UP_MILLIS = 5_000;
const LIVE_MILLIS = 10_000;

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** In the page: hands over a photo as soon as the page is ready, and notes when what was there. */
function handOver(base64) {
  const marks = (window.marks = {});
  const look = () => {
    const root = document.documentElement;
    if (!root) return;
    if (!marks.shell && document.querySelector('[data-testid="drop-zone"]')) marks.shell = performance.now();
    if (!marks.ready && root.dataset.state === 'ready') {
      marks.ready = performance.now();
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));
      const input = document.querySelector('[data-testid="file-input"]');
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
    if (marks.ready && !marks.result && document.querySelector('[data-testid="face"]')) marks.result = performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
}

/** Visits the page until its first result; the marks in milliseconds since the visit began. */
async function visit(context, address, photo) {
  const page = await context.newPage();
  page.setDefaultTimeout(150_000);
  await page.addInitScript(handOver, photo);
  await page.goto(address);
  const ended = await page.waitForFunction(
    () => (window.marks.result ? window.marks : ['failed', 'unsupported'].includes(document.documentElement.dataset.state) && { failed: document.body.innerText }),
  );
  const marks = await ended.jsonValue();
  assert.ok(!marks.failed, `the page failed: ${marks.failed}`);
  return { page, marks };
}

const fetched = (requests) => ({
  requests: requests.length,
  bytes: requests.reduce((total, request) => total + request.bytes, 0),
  brotli: requests.reduce((total, request) => total + request.encoded, 0),
  files: requests.map(({ path, status, bytes, encoded }) => ({ path, status, bytes, brotli: encoded })),
});

/**
 * The first visit with an empty cache. The engine and the model are held back until the page can be
 * used without them, so that what was fetched by then is the shell and no more.
 */
export async function first(launch, server, query) {
  return withProfile(launch, async (context) => {
    server.requests.length = 0;
    server.holdBack((path, headers) => headers['sec-fetch-dest'] === 'worker' || path.includes('/model/'));
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${server.origin}/page/${query}`);
    await page.locator(SHELL).first().waitFor();
    await sleep(500);
    const shell = fetched([...server.requests]);
    server.hold = null;
    server.release();
    await page.waitForFunction(() => document.documentElement.dataset.state !== 'loading', null, { timeout: 150_000 });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.state), 'ready');
    await page.locator('[data-testid="file-input"]').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await readFile(PHOTO) });
    await page.locator('[data-testid="face"]').first().waitFor({ timeout: 150_000 });
    return { shell, result: fetched([...server.requests]) };
  });
}

/** Later visits, with the browser's cache filled: milliseconds to shell, ready and first result. */
export async function warm(launch, server, query, count) {
  const photo = (await readFile(PHOTO)).toString('base64');
  const address = `${server.origin}/page/${query}`;
  return withProfile(launch, async (context) => {
    // The second visit of a program is the one in which a browser may keep its compiled code.
    for (let filling = 0; filling < 2; filling += 1) await (await visit(context, address, photo)).page.close();
    const marks = [];
    server.requests.length = 0;
    for (let index = 0; index < count; index += 1) {
      const { page, marks: these } = await visit(context, address, photo);
      marks.push(these);
      await page.close();
    }
    const again = server.requests.filter((request) => request.status === 200);
    assert.deepEqual(again, [], 'a warm visit fetches nothing anew');
    const of = (name) => summary(marks.map((these) => these[name]));
    return { shell: of('shell'), ready: of('ready'), result: of('result') };
  });
}

/** Bytes of all WebAssembly memories of page and worker after a photo. A memory never shrinks. */
export async function memory(launch, server, query) {
  const photo = (await readFile(PHOTO)).toString('base64');
  return withProfile(launch, async (context) => {
    await context.addInitScript(TALLY);
    server.prelude = TALLY;
    try {
      const { page } = await visit(context, `${server.origin}/page/${query}`, photo);
      const bytes = () => self.tally.bytes();
      const workers = await Promise.all(page.workers().map((worker) => worker.evaluate(bytes)));
      return { page: await page.evaluate(bytes), workers: workers.reduce((total, one) => total + one, 0) };
    } finally {
      server.prelude = null;
    }
  });
}

/** The page's own thread while the camera is read: its tasks by the browser's trace. */
export async function live(launch, server, query) {
  const browser = await chromium.launch(launch);
  try {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(150_000);
    await page.goto(`${server.origin}/page/${query}`);
    await page.waitForFunction(() => document.documentElement.dataset.state === 'ready');
    await page.locator('[data-testid="camera-start"]').click();
    await page.locator('[data-testid="consent-agree"]').click();
    await page.locator('[data-testid="face"]').first().waitFor();
    await sleep(LIVE_WARM_UP_MILLIS);
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] });
    const gaps = await page.evaluate(
      (millis) =>
        new Promise((resolve) => {
          const gaps = [];
          const began = performance.now();
          let last = began;
          requestAnimationFrame(function next(now) {
            gaps.push(now - last);
            last = now;
            if (now - began < millis) requestAnimationFrame(next);
            else resolve(gaps.slice(1));
          });
        }),
      LIVE_MILLIS,
    );
    const trace = JSON.parse((await browser.stopTracing()).toString());
    return { tasks: tasks(trace, server.origin), frames: summary(gaps), timing: await page.locator('[data-testid="timing"]').innerText() };
  } finally {
    await browser.close();
  }
}

/** The tasks of the thread that runs the page, in milliseconds. */
function tasks({ traceEvents }, origin) {
  const frames = traceEvents.filter((event) => event.name === 'TracingStartedInBrowser').flatMap((event) => event.args.data.frames);
  const process = frames.find((frame) => frame.url.startsWith(origin))?.processId;
  const thread = traceEvents.find((event) => event.pid === process && event.name === 'thread_name' && event.args.name === 'CrRendererMain')?.tid;
  const own = traceEvents.filter((event) => event.pid === process && event.tid === thread && event.name === 'RunTask' && event.ph === 'X');
  assert.ok(own.length > 100, `the trace holds ${own.length} tasks of the page's thread`);
  const wall = own.map((event) => event.dur / 1000);
  const computing = own.map((event) => (event.tdur ?? event.dur) / 1000);
  return {
    count: own.length,
    longest: Math.max(...wall),
    // What the task itself computed; the rest of the time the thread waited for a core.
    longestComputing: Math.max(...computing),
    share99: quantile(wall, 0.99),
  };
}

/** A browser with a profile of its own on disk, so that its caches are a visitor's. */
async function withProfile(launch, body) {
  const folder = await mkdtemp(join(tmpdir(), 'moue-bench-'));
  const context = await chromium.launchPersistentContext(folder, launch);
  try {
    return await body(context);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}
