// The npm package in fresh projects: types, a server without a window, Vite's development server, and
// what Vite builds, served with a strict policy.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, createServer, preview } from 'vite';
import { fixture } from '../browser/files.mjs';
import { PACKAGE, STRICT, assertHappy, test } from './harness.mjs';

const HERE = fileURLToPath(new URL('./', import.meta.url));
const ARTIFACTS = `${HERE}artifacts/`;

const call = (cwd, program, ...given) => execFileSync(program, given, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What is tried: a page of plain TypeScript that configures nothing, and the documentation's example for React. */
const PROJECTS = { plain: 'projects/plain', react: 'examples/react' };

/** A new folder with a project and the package, installed as from the registry. */
export function freshProject(name, from = PROJECTS[name]) {
  const root = `${ARTIFACTS}${name}/`;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync(`${HERE}${from}`, root, { recursive: true });
  cpSync(`${HERE}projects/tsconfig.json`, `${root}tsconfig.json`);
  writeFileSync(`${root}package.json`, JSON.stringify({ name, private: true, type: 'module' }));
  const [{ filename }] = JSON.parse(call(PACKAGE, 'npm', 'pack', '--json', '--pack-destination', ARTIFACTS));
  call(root, 'npm', 'install', '--offline', '--no-audit', '--no-fund', '--no-package-lock', `${ARTIFACTS}${filename}`);
  return root;
}

async function readsWell(browser, open, url, policy) {
  // WebKit logs that a server for development is gone.
  const host = await open({ url, policy, may_log: /WebSocket connection/ });
  await host.page.waitForFunction(() => document.querySelector('moue-face')?.shadowRoot?.firstChild);
  await assertHappy(browser, await host.reads());
  // The plain project offers what it does with both.
  if (await host.run(() => 'readBoth' in globalThis)) {
    const { buffer } = await fixture('happy.png');
    const readings = await host.run(async (_, base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      return globalThis.readBoth(new Blob([bytes], { type: 'image/png' }));
    }, buffer.toString('base64'));
    assert.equal(readings.length, 2, JSON.stringify(readings));
    for (const reading of readings) await assertHappy(browser, reading);
  }
  assert.deepEqual(await host.run(() => globalThis.told.violations), []);
}

for (const name of Object.keys(PROJECTS)) {
  test(`a fresh ${name} project with Vite reads, developed and built`, async ({ browser, open }) => {
    const root = freshProject(name);
    call(root, `${HERE}node_modules/.bin/tsc`, '--project', root);

    const quiet = { root, logLevel: 'error' };
    const developed = await createServer({ ...quiet, server: { port: 0, host: '127.0.0.1' } });
    try {
      await developed.listen();
      await readsWell(browser, open, developed.resolvedUrls.local[0]);
    } finally {
      await developed.close();
    }

    await build(quiet);
    const headers = { 'content-security-policy': `${STRICT}; require-trusted-types-for 'script'; trusted-types moue` };
    const built = await preview({ ...quiet, preview: { port: 0, host: '127.0.0.1', headers } });
    try {
      await readsWell(browser, open, built.resolvedUrls.local[0]);
    } finally {
      await built.close();
    }
  });
}

test('importing the package where there is no window does nothing', async () => {
  const root = freshProject('plain');
  const script = 'const all = await import("moue-face"); console.log(Object.keys(all).join(), all.version)';
  const said = call(root, process.execPath, '--input-type=module', '--eval', script);
  assert.match(said, /^Moue,version \d+\.\d+\.\d+\n$/);
});
