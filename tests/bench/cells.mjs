// The network itself: ours beside onnxruntime-web in one page, alternating.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { brotli } from './brotli.mjs';
import { generator, ratio, summary } from './statistics.mjs';

/** Logits further apart than this are not the same network's. */
export const TOLERANCE = 1e-3;

const TALLY = await readFile(new URL('page/tally.js', import.meta.url), 'utf8');

/** Planes that both runtimes must agree on: noise, a ramp, nothing. */
export function planes(side) {
  const next = generator(1);
  const round = (value) => Math.fround(Math.round(value * 1000) / 1000);
  const plane = (value) => Array.from({ length: side * side }, (_, index) => round(value(index)));
  return [
    plane(() => 2 * next() - 1),
    plane((index) => Math.sin(index / side / 9) * Math.cos((index % side) / 7)),
    plane(() => 0),
  ];
}

/** What onnxruntime-web fetched, each file once, and what brotli makes of it. */
async function fetched({ requests }) {
  const named = requests.filter(({ path, status }) => status === 200 && (path.startsWith('/ort/') || path === '/moue.onnx'));
  const files = {};
  for (const { path, place, bytes } of named) files[path] ??= { bytes, brotli: (await brotli(await readFile(place))).length };
  const sum = (kind) => Object.values(files).reduce((total, file) => total + file[kind], 0);
  return { requests: Object.keys(files).length, bytes: sum('bytes'), brotli: sum('brotli'), files };
}

export const distance = (a, b) => {
  assert.equal(a.length, b.length, 'as many logits');
  return Math.max(...a.map((value, index) => Math.abs(value - b[index])));
};

/**
 * Measures one cell: `{ engine, provider, bundle, threads }` for as long as `seconds`, and at least
 * `least` rounds.
 *
 * Fails where the two disagree: the times of another network would say nothing.
 */
export async function measure(browser, server, cell, say) {
  server.isolated = true;
  server.encode = false;
  server.requests.length = 0;
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  try {
    await page.addInitScript(TALLY);
    await page.goto(`${server.origin}/`);
    await page.waitForFunction(() => window.load);
    const { side, isolated, threads, adapter } = await page.evaluate((cell) => window.load(cell), cell);
    assert.ok(isolated, 'the page is cross-origin isolated, for its finer clock and for threads');
    assert.equal(threads, cell.threads, 'onnxruntime-web has the threads it is to have');

    const given = planes(side);
    const once = (who, plane) => page.evaluate(([who, plane]) => window.once(who, plane), [who, plane]);
    const first = {};
    let largest = 0;
    for (const plane of given) {
      const ours = await once('ours', plane);
      const ort = await once('ort', plane);
      first.ours ??= ours;
      first.ort ??= ort;
      assert.ok(ours.logits.some((value) => value !== 0), 'logits that are not all nothing');
      largest = Math.max(largest, distance(ours.logits, ort.logits));
    }
    assert.ok(largest <= TOLERANCE, `the logits differ by ${largest}: these are not the same network, so nothing is timed`);
    say(`${cell.name}: logits agree within ${largest.toExponential(1)}`);

    const [plane] = given;
    const rounds = (count) => page.evaluate(([count, plane]) => window.rounds(count, plane), [count, plane]);
    await rounds(cell.warmUp);
    const millis = { ours: [], ort: [] };
    const ends = Date.now() + cell.seconds * 1000;
    while (millis.ours.length < cell.least || (Date.now() < ends && millis.ours.length < cell.most)) {
      const some = await rounds(cell.atOnce);
      millis.ours.push(...some.ours);
      millis.ort.push(...some.ort);
    }
    // Steady state: nothing is compiled or reserved any more.
    const counts = { ours: (await once('ours', plane)).counts, ort: (await once('ort', plane)).counts };
    const memory = await page.evaluate(() => window.memory());
    const found = {
      adapter,
      largestDifference: largest,
      ours: { ...summary(millis.ours), first: first.ours.millis },
      ort: { ...summary(millis.ort), first: first.ort.millis },
      ...ratio(millis.ours, millis.ort),
      memory,
    };
    say(`${cell.name}: brotli of what onnxruntime-web fetched, a minute the first time`);
    found.ortDownload = await fetched(server);
    if (cell.engine === 'webgpu') {
      const created = (who) => first[who].counts.pipelinesCreated;
      found.counts = counts;
      found.pipelinesAtFirst = { ours: created('ours'), ort: created('ort') };
    }
    return found;
  } catch (error) {
    if (complaints.length > 0) error.message += `\nthe page's console:\n  ${complaints.join('\n  ')}`;
    throw error;
  } finally {
    await context.close();
  }
}
