// A long live run with a camera that is a clip, watched for anything that grows: make soak
//
// SOAK_MINUTES=10 is how long each engine runs, SOAK_ENGINES="cpu webgpu" which ones. Prints a table and
// writes artifacts/soak-ENGINE.json: per sample the WebAssembly memories, JS heaps after a collection,
// DOM nodes, listeners, live GPU objects and frames. Fails when one of them grows after the warm-up by
// more than BOUNDS allows, or when a frame is lost to an error.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CAMERA, EXECUTABLE, QUIET, WEBGPU } from './chromium.mjs';
import { CONSENT, DIST, sleep } from './harness.mjs';
import { noteMemories, wasmBytes } from './memory.mjs';
import { serve } from './server.mjs';
import { engineOf, runFirst } from './worker.mjs';

const MIB = 1 << 20;
/**
 * A few bytes kept for every frame are megabytes after an evening, and hide in a bound that is only
 * absolute: so much may a heap grow for each frame, besides what it may grow at all.
 */
const HEAP_PER_FRAME = 40;
/** What each column may grow by, from the median of the first third after the warm-up to that of the last. */
export const BOUNDS = {
  page_wasm: MIB,
  engine_wasm: MIB,
  page_heap: MIB / 16,
  engine_heap: MIB / 16,
  nodes: 100,
  listeners: 20,
  gpu_buffers: 4,
  gpu_textures: 0,
};
/** The share of a run that is its warm-up. */
const WARM_UP = 0.2;

/** In the worker: counts GPU objects that were made and neither destroyed nor collected. */
function noteGpu() {
  const live = (globalThis.live = { buffers: 0, textures: 0 });
  if (!globalThis.GPUDevice) return;
  for (const [make, type, kind] of [['createBuffer', GPUBuffer, 'buffers'], ['createTexture', GPUTexture, 'textures']]) {
    const gone = new Set();
    const end = (id) => {
      if (gone.delete(id)) live[kind] -= 1;
    };
    const collected = new FinalizationRegistry(end);
    const ids = new WeakMap();
    let last = 0;
    const real = GPUDevice.prototype[make];
    GPUDevice.prototype[make] = function counted(...given) {
      const made = real.apply(this, given);
      last += 1;
      gone.add(last);
      ids.set(made, last);
      collected.register(made, last);
      live[kind] += 1;
      return made;
    };
    const destroy = type.prototype.destroy;
    type.prototype.destroy = function ended() {
      end(ids.get(this));
      return destroy.call(this);
    };
  }
}

/** In the page: counts what the worker answers, by kind. */
function noteAnswers() {
  globalThis.answers = {};
  const Real = Worker;
  globalThis.Worker = class extends Real {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        const kind = /^{"([a-z-]+)":/.exec(data)?.[1] ?? 'other';
        globalThis.answers[kind] = (globalThis.answers[kind] ?? 0) + 1;
      });
    }
  };
}

/** What the devtools protocol says to a command sent to the page's worker: `(command) => answer`. */
async function toWorker(devtools) {
  const attached = new Promise((resolve) => devtools.once('Target.attachedToTarget', resolve));
  await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const { sessionId } = await attached;
  const waiting = new Map();
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let last = 0;
  return (method) => {
    last += 1;
    const answer = new Promise((resolve) => waiting.set(last, resolve));
    const message = JSON.stringify({ id: last, method, params: {} });
    return devtools.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answer);
  };
}

/** Plays the camera for so many minutes on `engine` and returns the samples. */
export async function soak({ engine, minutes, samples = 60 }) {
  const server = await serve(DIST);
  server.tamper = runFirst(noteMemories, noteGpu);
  const flags = [...QUIET, ...CAMERA];
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: engine === 'webgpu' ? [...flags, WEBGPU] : flags });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('crash', () => complaints.push('the page crashed'));
    await page.addInitScript(noteMemories);
    await page.addInitScript(noteAnswers);
    await page.addInitScript(([key, value]) => localStorage.setItem(key, value), CONSENT);
    await page.goto(`${server.url}?engine=${engine}`);
    await page.waitForFunction(() => ['ready', 'failed'].includes(document.documentElement.dataset.state), null, { timeout: 120_000 });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.state), 'ready');
    await page.locator('[data-testid="camera-start"]').click();
    await page.locator('[data-testid="face"]').first().waitFor({ timeout: 60_000 });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    const askWorker = await toWorker(devtools);
    const worker = engineOf(page);

    const started = Date.now();
    const every = (minutes * 60_000) / samples;
    const taken = [];
    for (let sample = 0; sample <= samples; sample += 1) {
      await sleep(Math.max(0, started + sample * every - Date.now()));
      await devtools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devtools.send('Performance.getMetrics');
      const metric = (name) => metrics.find((metric) => metric.name === name).value;
      await askWorker('HeapProfiler.collectGarbage');
      const { usedSize } = await askWorker('Runtime.getHeapUsage');
      const inEngine = await worker.evaluate('({ ...live })');
      const answers = await page.evaluate(() => globalThis.answers);
      taken.push({
        seconds: Math.round((Date.now() - started) / 100) / 10,
        page_wasm: await wasmBytes(page),
        engine_wasm: await wasmBytes(worker),
        page_heap: metric('JSHeapUsedSize'),
        engine_heap: usedSize,
        nodes: metric('Nodes'),
        listeners: metric('JSEventListeners'),
        gpu_buffers: inEngine.buffers,
        gpu_textures: inEngine.textures,
        frames: answers.result ?? 0,
        errors: answers.error ?? 0,
      });
      assert.deepEqual(complaints, []);
    }
    assert.equal(await page.locator('[data-testid="camera-stop"]').count(), 1, 'the camera still plays');
    return taken;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** First third and last third of the time after the warm-up, compared: `{ column: [before, after] }`. */
export function growth(taken) {
  const warm = taken.slice(Math.ceil(taken.length * WARM_UP));
  const third = Math.max(1, Math.floor(warm.length / 3));
  const middle = (part, column) => part.map((sample) => sample[column]).sort((a, b) => a - b)[part.length >> 1];
  return Object.fromEntries(Object.keys(BOUNDS).map((column) => [column, [middle(warm.slice(0, third), column), middle(warm.slice(-third), column)]]));
}

/** What a column may grow by in this run. */
function bound(taken, column) {
  const frames = taken.at(-1).frames - taken[0].frames;
  return BOUNDS[column] + (column.endsWith('heap') ? HEAP_PER_FRAME * frames * (1 - WARM_UP) : 0);
}

/** Says what grew too much, if anything. */
export function judge(taken) {
  const faults = Object.entries(growth(taken))
    .filter(([column, [before, after]]) => after - before > bound(taken, column))
    .map(([column, [before, after]]) => `${column} grew from ${before} to ${after}, by more than ${bound(taken, column)}`);
  const { frames, errors } = taken.at(-1);
  if (errors > 0) faults.push(`${errors} of ${frames + errors} frames were lost to an error`);
  if (frames <= taken[0].frames) faults.push('no frame was read');
  return faults;
}

/** The table of a run. */
export function table(taken) {
  const show = (column, value) => (/wasm|heap/.test(column) ? `${(value / MIB).toFixed(2)} MiB` : String(value));
  const rows = Object.entries(growth(taken)).map(([column, [before, after]]) => `  ${column.padEnd(13)} ${show(column, before).padStart(11)} → ${show(column, after).padStart(11)}   may grow by ${show(column, bound(taken, column))}`);
  const { seconds, frames, errors } = taken.at(-1);
  return [...rows, `  ${frames} frames in ${seconds} s, ${errors} errors`].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const minutes = Number(process.env.SOAK_MINUTES ?? 10);
  const artifacts = new URL('artifacts/', import.meta.url);
  await mkdir(artifacts, { recursive: true });
  for (const engine of (process.env.SOAK_ENGINES ?? 'cpu webgpu').split(' ')) {
    const taken = await soak({ engine, minutes });
    await writeFile(new URL(`soak-${engine}.json`, artifacts), `${JSON.stringify(taken, null, 1)}\n`);
    const faults = judge(taken);
    console.log(`${engine}, ${minutes} minutes\n${table(taken)}\n  ${faults.length === 0 ? 'nothing grew' : faults.join('\n  ')}\n`);
    if (faults.length > 0) process.exitCode = 1;
  }
}
