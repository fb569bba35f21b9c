// embed.js from another origin, such as a CDN: everything that it fetches is compared with the build.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { launch } from '../browser/browsers.mjs';
import { serve } from '../browser/server.mjs';
import { PACKAGE, assertHappy, test } from './harness.mjs';

/** The host's own icon is asked for by Firefox itself. */
const policyFor = (origin, worker = 'blob:') =>
  `default-src 'none'; img-src 'self'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src ${worker}`;

/** Opens a host of the files at another origin, whose answers `tamper` may change. */
async function opened(open, check, { tamper = null, worker, ...options } = {}) {
  const cdn = await serve(PACKAGE);
  cdn.headers['access-control-allow-origin'] = '*';
  cdn.tamper = tamper;
  const integrity = (await readFile(`${PACKAGE}embed.integrity`, 'utf8')).trim();
  try {
    const attributes = `integrity="${integrity}" crossorigin`;
    const host = await open({ script: `${cdn.url}embed.js`, attributes, policy: policyFor(cdn.origin, worker), ...options });
    await check(host, cdn);
  } finally {
    await cdn.close();
  }
}

/** Changes a file so that it would do as well: a space, or an empty custom section of WebAssembly. */
const changed = (wanted) => (path, bytes) => {
  if (path !== wanted) return bytes;
  return Buffer.concat([bytes, path.endsWith('.wasm') ? Buffer.from([0, 1, 0]) : Buffer.from(' ')]);
};

test('from another origin it reads, in a worker that is a blob', async ({ browser, open }) => {
  await opened(open, async (host) => {
    await assertHappy(browser, await host.reads());
    assert.deepEqual(await host.run(() => globalThis.told.violations), []);
    assert.ok(host.page.workers()[0].url().startsWith('blob:'));
  });
});

test('from another origin it reads where Trusted Types are demanded', async ({ browser, open }) => {
  await opened(
    open,
    async (host) => {
      await assertHappy(browser, await host.reads());
      assert.deepEqual(await host.run(() => globalThis.told.violations), []);
    },
    { worker: "blob:; require-trusted-types-for 'script'; trusted-types moue" },
  );
});

test('from another origin it reads on WebGPU too, in the same blob and with the same policy', async ({ browser, open }) => {
  const gpu = await launch('gpu');
  const on_webgpu = { browser: gpu, body: '<moue-face purpose="self-reflection" engine="webgpu"></moue-face>' };
  const answers = async (host) => {
    await assertHappy(browser, await host.reads());
    assert.equal((await host.events()).find(([name]) => name === 'ready')[1].engine, 'webgpu');
    assert.deepEqual(await host.run(() => globalThis.told.violations), []);
  };
  const is_refused = async (host) => assert.equal((await host.reads()).code, 'engine-start');
  try {
    await opened(open, answers, on_webgpu);
    for (const file of ['gpu.js', 'gpu_bg.wasm']) {
      await opened(open, is_refused, { ...on_webgpu, tamper: changed(file), may_log: /integrity|access control checks/ });
    }
  } finally {
    await gpu.close();
  }
});

for (const [file, code] of [
  ['element.js', 'program'],
  ['element_bg.wasm', 'program'],
  ['style.css', 'program'],
  ['engine.js', 'engine-start'],
  ['engine_bg.wasm', 'engine-start'],
  ['model/manifest.json', 'model-damaged'],
  ['model/moue-int8.safetensors', 'model-truncated'],
]) {
  test(`from another origin a changed ${file} is refused`, async ({ open }) => {
    await opened(
      open,
      async (host) => {
        assert.equal((await host.reads()).code, code);
        const [, detail] = (await host.events()).find(([name]) => name === 'error');
        assert.equal(detail.code, code);
        assert.ok(detail.message.length > 40, detail.message);
      },
      { tamper: changed(file), may_log: /integrity|access control checks/ },
    );
  });
}

test('a changed embed.js does not run, with the checksum that is published beside it', async ({ open }) => {
  await opened(
    open,
    async (host) => assert.equal(await host.run(() => customElements.get('moue-face')), undefined),
    { tamper: changed('embed.js'), may_log: /integrity|access control checks/ },
  );
});

test('a host that allows no blob as worker is told what to allow', async ({ open }) => {
  await opened(
    open,
    async (host) => {
      const { code, message } = await host.reads();
      assert.equal(code, 'no-worker');
      assert.match(message, /worker-src.*blob:/);
    },
    { worker: "'self'", may_log: /Content.Security.Policy|integrity/ },
  );
});
