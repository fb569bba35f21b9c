// `make bench`: measures, prints one table and writes results.json and results.md beside this file.
//
// node tests/bench/run.mjs [PART…]: cells wasm1 wasm2 webgpu, first, warm, live, memory, native. With
// parts named nothing is written.

import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CAMERA, EXECUTABLE, QUIET, WEBGPU } from '../browser/chromium.mjs';
import { prepare } from './brotli.mjs';
import { measure, planes } from './cells.mjs';
import * as native from './native.mjs';
import { writeBetween } from './readme.mjs';
import { serve } from './server.mjs';
import { aligned, markdown, rows } from './table.mjs';
import * as visits from './visits.mjs';

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const ARTIFACTS = place('artifacts');
const ROOT = place('../..');

const GPU = [WEBGPU, ...(process.env.CHROMIUM_FLAGS ?? '').split(' ').filter(Boolean)];
const launch = (flags) => ({ executablePath: EXECUTABLE, args: [...QUIET, ...flags] });

/** The cells. On the CPU a forward takes milliseconds, on a software GPU up to seconds. */
const CPU_TIME = { warmUp: 10, atOnce: 10, least: 60, most: 400, seconds: 20 };
const GPU_TIME = { warmUp: 2, atOnce: 2, least: 10, most: 200, seconds: 30 };
const CELLS = {
  wasm1: { name: 'wasm, 1 thread', engine: 'cpu', provider: 'wasm', bundle: 'ort.wasm.bundle.min.mjs', threads: 1, ...CPU_TIME },
  wasm2: { name: 'wasm, 2 threads (ours on 1)', engine: 'cpu', provider: 'wasm', bundle: 'ort.wasm.bundle.min.mjs', threads: 2, ...CPU_TIME },
  webgpu: { name: 'WebGPU', engine: 'webgpu', provider: 'webgpu', bundle: 'ort.webgpu.bundle.min.mjs', captured: true, threads: 1, ...GPU_TIME },
};
const NATIVE_SECONDS = 10;
const WARM_VISITS = 7;

const began = Date.now();
const say = (text) => console.log(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${text}`);

async function need(path, remedy) {
  await access(path).catch(() => {
    throw new Error(`${path.replace(`${ROOT}`, '')} is missing: ${remedy}`);
  });
}

async function main(parts) {
  const wanted = (part) => parts.length === 0 || parts.includes(part);
  await need(`${ROOT}dist/index.html`, 'run make dist, or make bench, which does');
  await need(`${ARTIFACTS}/ours/bench.js`, 'run make bench, which builds it');
  await need(`${ARTIFACTS}/moue.onnx`, 'run make bench, which exports it');
  await need(place('node_modules/onnxruntime-web'), 'run .ci/install bench-packages');

  const server = await serve({
    '/': place('page'),
    '/ort/': place('node_modules/onnxruntime-web/dist'),
    '/ours/': `${ARTIFACTS}/ours`,
    '/model/': `${ROOT}www/model`,
    '/moue.onnx': `${ARTIFACTS}/moue.onnx`,
    '/page/': `${ROOT}dist`,
  });
  const results = { cells: {}, visits: {}, native: {} };
  try {
    await measureCells(server, wanted, results);
    server.isolated = false;
    server.encode = true;
    await measureVisits(server, wanted, results.visits);
  } finally {
    await server.close();
  }
  if (wanted('native')) await measureNative(results.native);

  const table = rows(results);
  console.log(`\n${describe(results)}\n\n${aligned(table)}\n`);
  if (parts.length === 0) await write(results, table);
}

async function measureCells(server, wanted, results) {
  const browser = await chromium.launch(launch(GPU));
  try {
    results.machine = await machine(browser);
    for (const [name, cell] of Object.entries(CELLS)) {
      if (!wanted(name)) continue;
      say(`${cell.name}: loading both`);
      results.cells[name] = await measure(browser, server, cell, say);
      const { ours, ort, ratio } = results.cells[name];
      say(`${cell.name}: ${ours.median.toFixed(2)} ms to ${ort.median.toFixed(2)} ms, ratio ${ratio.toFixed(2)}`);
    }
  } finally {
    await browser.close();
  }
}

async function measureVisits(server, wanted, found) {
  const cpu = '?engine=cpu';
  if (['first', 'warm', 'memory', 'live'].some(wanted)) {
    say('brotli of the page, minutes the first time');
    await prepare(`${ROOT}dist`);
  }
  if (wanted('first')) {
    say('first visit, CPU engine');
    found.first = { cpu: await visits.first(launch([]), server, cpu) };
    say('first visit, WebGPU engine');
    found.first.webgpu = await visits.first(launch(GPU), server, '?engine=webgpu');
  }
  if (wanted('warm')) {
    say('warm visits, CPU engine');
    found.warm = await visits.warm(launch([]), server, cpu, WARM_VISITS);
  }
  if (wanted('memory')) {
    say('memory, CPU engine');
    found.memory = { cpu: await visits.memory(launch([]), server, cpu) };
    say('memory, WebGPU engine');
    found.memory.webgpu = await visits.memory(launch(GPU), server, '?engine=webgpu');
  }
  if (wanted('live')) {
    say('live, CPU engine');
    found.live = await visits.live(launch(CAMERA), server, cpu);
  }
}

async function measureNative(found) {
  const python = process.env.PYTHON || 'python3';
  const lack = await native.missing(python);
  if (lack) return say(lack);
  const program = process.env.BENCH_PROGRAM;
  await need(program ?? 'BENCH_PROGRAM', 'run make bench, which builds it and names it');
  const plane = `${ARTIFACTS}/plane.json`;
  const model = `${ROOT}www/model`;
  const { input } = JSON.parse(await readFile(`${model}/manifest.json`, 'utf8'));
  await mkdir(ARTIFACTS, { recursive: true });
  await writeFile(plane, JSON.stringify(planes(input.size)[0]));
  for (const threads of [1, 2]) {
    say(`native, ${threads} thread${threads > 1 ? 's' : ''}`);
    found[`threads${threads}`] = await native.measure({ python, onnx: `${ARTIFACTS}/moue.onnx`, plane, program, model, threads, seconds: NATIVE_SECONDS });
  }
}

async function machine(browser) {
  const { version } = JSON.parse(await readFile(place('node_modules/onnxruntime-web/package.json'), 'utf8'));
  return {
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    browser: `Chromium ${browser.version()}`,
    onnxruntimeWeb: version,
    measured: new Date().toISOString().slice(0, 10),
  };
}

function describe({ machine, cells, native }) {
  const parts = [`${machine.measured}: ${machine.cpu}, ${machine.cores} cores; headless ${machine.browser}; onnxruntime-web ${machine.onnxruntimeWeb}`];
  if (cells.webgpu) parts.push(`WebGPU adapter: ${cells.webgpu.adapter}`);
  if (native.threads2) parts.push(`onnxruntime ${native.threads2.version} for Python`);
  return `${parts.join('; ')}.\nTimes are medians of one forward pass with quartiles; ratios are moue to ONNX Runtime with 95 % intervals; sizes are with brotli.`;
}

async function write(results, table) {
  const text = `${describe(results)}\n\n${markdown(table)}\n`;
  await writeFile(place('results.json'), `${JSON.stringify({ ...results, table: table.map(({ show, form, ...row }) => row) }, null, 2)}\n`);
  await writeFile(place('results.md'), text);
  await writeBetween('<!-- make bench writes this -->', '<!-- to here -->', text);
  say('wrote tests/bench/results.json and results.md');
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
