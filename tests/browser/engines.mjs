// Which engine computes, that both compute the same, and that neither blocks the page.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { count, doom, fast, hold, lose, loseDevice, mask, miscalculate, slow, timeless, trap } from './device.mjs';
import { fixture, fixturePath } from './files.mjs';
import { assertReading, DIST, sleep, test, top } from './harness.mjs';
import { assertClosed, play, tracks, watch } from './watch.mjs';
import { engineOf, runFirst } from './worker.mjs';

const PHOTOS = ['happy.png', 'surprise.png', 'neutral.png'];
const TOLERANCE = 0.002;

/** What each engine answered: engine → photo → face. Filled by the tests below, in their order. */
const answers = {};

async function readAll(moue, engine) {
  assert.equal(await moue.id('engine').getAttribute('data-engine'), engine);
  // Firefox tells no name of an adapter, and then nothing is said of it.
  assert.doesNotMatch(await moue.id('engine').getAttribute('title'), /unnamed|\son\s*$/);
  answers[engine] = {};
  for (const name of PHOTOS) {
    const faces = await moue.reads('drop', await fixture(name));
    assert.equal(faces.length, 1, name);
    assertReading(faces[0]);
    answers[engine][name] = faces[0];
  }
  console.log(`        ${engine}: ${await moue.id('timing').innerText()}`);
  await moue.screenshot(`engine-${engine}`);
}

test('the CPU engine reads', { query: 'engine=cpu' }, (moue) => readAll(moue, 'cpu'));

test('the WebGPU engine reads', { browser: 'gpu', query: 'engine=webgpu' }, (moue) => readAll(moue, 'webgpu'));

test('WebGPU and CPU agree', { arrive: null }, async () => {
  assert.ok(answers.cpu && answers.webgpu, 'run the tests of both engines with this one');
  let largest = 0;
  for (const name of PHOTOS) {
    for (const kind of ['probabilities', 'logits']) {
      for (const [expression, value] of Object.entries(answers.cpu[name][kind])) {
        const other = answers.webgpu[name][kind][expression];
        const difference = Math.abs(value - other);
        assert.ok(difference < TOLERANCE, `${name}, ${kind} of ${expression}: CPU ${value}, WebGPU ${other}`);
        largest = Math.max(largest, difference);
      }
    }
  }
  console.log(`        largest difference ${largest.toExponential(1)}`);
});

test('the command line answers what the page answers', { arrive: null }, async () => {
  assert.ok(process.env.MOUE, 'MOUE names no command line: make test-browser sets it');
  assert.ok(answers.cpu, "run the CPU engine's test with this one");
  for (const name of PHOTOS) {
    const output = execFileSync(process.env.MOUE, ['predict', '--json', '--model', `${DIST}/model`, fixturePath(name)], { encoding: 'utf8' });
    const found = JSON.parse(output).rows[0];
    for (const [expression, value] of Object.entries(answers.cpu[name].probabilities)) {
      assert.ok(
        Math.abs(value - found[expression]) < TOLERANCE,
        `${name}, ${expression}: page ${value}, command line ${found[expression]}`,
      );
    }
  }
});

test('without an adapter the CPU takes over and the page says so', { browser: 'plain' }, async (moue) => {
  const engine = moue.id('engine');
  assert.equal(await engine.getAttribute('data-engine'), 'cpu');
  assert.match(await engine.innerText(), /CPU/);
  assert.match(await engine.getAttribute('data-detail'), /no WebGPU adapter/i);
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

test('with a software adapter the CPU takes over and the page says so', { browser: 'gpu' }, async (moue) => {
  const engine = moue.id('engine');
  assert.equal(await engine.getAttribute('data-engine'), 'cpu');
  assert.match(await engine.getAttribute('data-detail'), /software/i);
});

test('an adapter without timestamp queries, which burn-wgpu needs, is left alone before its program is fetched', { browser: 'gpu', tamper: runFirst(mask, timeless) }, async (moue) => {
  assert.equal(await moue.id('engine').getAttribute('data-engine'), 'cpu');
  assert.deepEqual(moue.server.requests.filter((path) => path.startsWith('gpu')), []);
});

test('a forward pass on WebGPU is 69 dispatches in two submissions', { browser: 'gpu', query: 'engine=webgpu', tamper: runFirst(count) }, async (moue, page) => {
  const counted = () => engineOf(page).evaluate(() => ({ ...globalThis.counted }));
  const before = await counted();
  await moue.reads('drop', await fixture('happy.png'));
  const { dispatches, submits } = await counted();
  assert.deepEqual([dispatches - before.dispatches, submits - before.submits], [69, 2]);
});

/** Of a WebAssembly module: which function the body of each exported function calls first, if it begins with a call. */
function firstCalls(bytes) {
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const exported = [];
  const calls = [];
  while (at < bytes.length) {
    const [section, length] = [bytes[at++], number()];
    const end = at + length;
    if (section === 7) {
      for (let left = number(); left > 0; left -= 1) {
        const name = number();
        at += name;
        const [kind, index] = [bytes[at++], number()];
        if (kind === 0) exported.push(index);
      }
    } else if (section === 10) {
      for (let left = number(); left > 0; left -= 1) {
        const next = number() + at;
        for (let groups = number(); groups > 0; groups -= 1) [number(), (at += 1)]; // its locals
        calls.push(bytes[at++] === 0x10 ? number() : null);
        at = next;
      }
    }
    at = end;
  }
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === 'function').length;
  return exported.map((index) => calls[index - imported]);
}

test('the programs run the constructors of their crates once, and not in every call', { arrive: null }, async () => {
  for (const file of ['gpu_bg.wasm', 'engine_bg.wasm']) {
    const calls = firstCalls(await readFile(`${DIST}/${file}`));
    const all = calls.length > 5 && calls.every((call) => call !== null && call === calls[0]);
    assert.ok(calls.length > 5 && !all, `${file}: every export begins with the same call; see run_constructors in src/platform`);
  }
});

/** What the CPU engine names a photo. */
function named(name) {
  assert.ok(answers.cpu, "run the CPU engine's test with this one");
  return top(answers.cpu[name]);
}

/** Waits until the badge says that `engine` computes, with `detail` as the reason or the adapter. */
async function becomes(page, engine, detail = /^/) {
  const badge = () => page.evaluate(() => ({ ...document.querySelector('[data-testid="engine"]')?.dataset }));
  for (let tries = 0; ; tries += 1) {
    const now = await badge();
    if (now.engine === engine && detail.test(now.detail)) return;
    assert.ok(tries < 600, `${now.engine}: ${now.detail}, not ${engine}: ${detail}`);
    await sleep(100);
  }
}

test('the CPU reads before WebGPU has started, which then takes over, and nothing is asked for meanwhile', { browser: 'gpu', tamper: fast(hold) }, async (moue, page) => {
  await becomes(page, 'cpu', /WebGPU is starting/);
  for (const file of ['gpu.js', 'gpu_bg.wasm']) assert.ok(moue.server.requests.includes(file), file);
  await moue.screenshot('engine-webgpu-starts');
  moue.server.requests.length = 0;
  const [before] = await moue.reads('drop', await fixture('happy.png'));
  assert.equal(top(before), named('happy.png'));
  await engineOf(page).evaluate(() => globalThis.release());
  await becomes(page, 'webgpu');
  const [after] = await moue.reads('drop', await fixture('surprise.png'));
  assert.equal(top(after), 'surprise');
  await becomes(page, 'webgpu');
  assert.deepEqual(moue.asked(), []);
});

test('WebGPU that answers 100 ms late is left to rest, and the page says so', { browser: 'gpu', tamper: slow() }, async (moue, page) => {
  await becomes(page, 'cpu', /the CPU is faster than WebGPU/);
  assert.match(await moue.id('engine').getAttribute('title'), /the processor is faster than WebGPU/);
  for (const name of PHOTOS) assert.equal(top((await moue.reads('drop', await fixture(name)))[0]), named(name));
  await becomes(page, 'cpu', /faster/);
});

test('WebGPU that was asked for by name computes, however late it answers', { browser: 'gpu', query: 'engine=webgpu', tamper: slow(count) }, async (moue, page) => {
  const dispatches = () => engineOf(page).evaluate(() => globalThis.counted.dispatches);
  for (const name of PHOTOS) {
    const before = await dispatches();
    await moue.reads('drop', await fixture(name));
    assert.equal((await dispatches()) - before, 69, name);
  }
});

/** Firefox logs every call to a device that is lost. */
const DOOMED = { browser: 'gpu', tamper: fast(doom), may_log: /Parent device is lost|creating shader module/ };

test('a graphics device that is lost at start leaves the CPU to compute, and the page says so', DOOMED, async (moue, page) => {
  await becomes(page, 'cpu', /WebGPU did not start .*device was lost/);
  assert.match(await moue.id('engine').getAttribute('title'), /WebGPU did not start/);
  assert.equal(top((await moue.reads('drop', await fixture('happy.png')))[0]), named('happy.png'));
});

test('a graphics device that is lost while it reads costs no answer: the CPU takes over, and the page says so', { browser: 'gpu', tamper: fast(lose) }, async (moue, page) => {
  await becomes(page, 'webgpu');
  await moue.reads('drop', await fixture('surprise.png'));
  await engineOf(page).evaluate(() => (globalThis.loses = true));
  const [face] = await moue.reads('drop', await fixture('happy.png'));
  assert.equal(top(face), named('happy.png'));
  await becomes(page, 'cpu', /device was lost/);
  await moue.screenshot('engine-webgpu-stopped');
  assert.equal(top((await moue.reads('drop', await fixture('neutral.png')))[0]), named('neutral.png'));
  assert.equal(await moue.id('notice').count(), 0);
});

test('a WebGPU program that crashes costs no answer: the CPU takes over', { browser: 'gpu', tamper: fast(trap) }, async (moue, page) => {
  await becomes(page, 'webgpu');
  await engineOf(page).evaluate(() => (globalThis.traps = true));
  assert.equal(top((await moue.reads('drop', await fixture('happy.png')))[0]), named('happy.png'));
  await becomes(page, 'cpu', /its program crashed/);
  assert.equal(top((await moue.reads('drop', await fixture('surprise.png')))[0]), named('surprise.png'));
  assert.equal(await moue.id('notice').count(), 0);
});

test('WebGPU that was asked for by name and is lost refuses each photo, and the page stays', { browser: 'gpu', query: 'engine=webgpu', tamper: runFirst(mask) }, async (moue, page) => {
  await loseDevice(page);
  for (const name of ['happy.png', 'surprise.png']) {
    assert.equal((await moue.refuses('drop', await fixture(name))).code, 'engine-failed');
  }
  assert.equal(await moue.id('engine').getAttribute('data-engine'), 'webgpu');
});

test('a camera goes on when the graphics device goes away', { browser: 'gpu', tamper: fast(), before: watch }, async (moue, page) => {
  await play(moue, page);
  const numbered = (number) => page.locator('[data-testid="face"] .face__number', { hasText: number }).waitFor();
  await becomes(page, 'webgpu');
  // Who is who is known on the page, whichever engine reads; a device that a processor emulates may
  // take longer than a face is remembered.
  await numbered(/[12]/);
  await loseDevice(page);
  await becomes(page, 'cpu', /device was lost/);
  await numbered(/[12]/);
  assert.equal(await moue.id('face').count(), 1);
  assert.equal(await moue.id('error').count(), 0);
  assert.deepEqual(await tracks(page), ['live']);
  await moue.screenshot('camera-webgpu-stopped');
  await moue.id('camera-stop').click();
  await assertClosed(moue, page);
});

const miscalculating = runFirst(mask, miscalculate);

test('a driver that computes one kernel wrongly is not trusted, and the page says which', { browser: 'gpu', tamper: miscalculating }, async (moue, page) => {
  const engine = moue.id('engine');
  await becomes(page, 'cpu', /WebGPU computes wrongly on .+ \(an output is off by \d\S*; kernel pool computes wrongly in dispatch \d/);
  assert.match(await engine.getAttribute('title'), /WebGPU computes wrongly on this device/);
  const [face] = await moue.reads('drop', await fixture('happy.png'));
  assert.equal(top(face), named('happy.png'));
  await moue.screenshot('engine-webgpu-wrong');
});

test('WebGPU that computes wrongly and was asked for by name is a named error', { browser: 'gpu', query: 'engine=webgpu', tamper: miscalculating, arrive: 'failed' }, async (moue) => {
  const error = moue.id('error');
  assert.equal(await error.getAttribute('data-code'), 'engine-start');
  assert.match(await error.innerText(), /WebGPU computes wrongly on/);
});

test('WebGPU asked for by name and absent is a named error', { query: 'engine=webgpu', arrive: 'failed' }, async (moue) => {
  assert.equal(await moue.id('error').getAttribute('data-code'), 'no-web-gpu');
  await moue.screenshot('failed-no-webgpu');
});

test('the page stays responsive while a photo is read', { query: 'engine=cpu' }, async (moue, page) => {
  // A worker that computes lets the page's own timers run while the page says that it reads.
  await page.evaluate(() => {
    window.ticks = 0;
    setInterval(() => {
      if (document.querySelector('.stage__frame--busy')) window.ticks += 1;
    }, 10);
  });
  await moue.reads('pick', await fixture('crowd.png'));
  const ticks = await page.evaluate(() => window.ticks);
  assert.ok(ticks >= 5, `${ticks} timers ran while the photo was read: ${await moue.id('timing').innerText()}`);
});
