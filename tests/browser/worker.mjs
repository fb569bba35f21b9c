// The worker in which the engine computes, seen from a test.

import { BROWSER } from './browsers.mjs';

const SCRIPT = 'engine-worker.js';
const hasDriver = BROWSER === 'chromium';

/** Runs in the worker: answers `ask` where the browser's driver reaches no worker. */
function answer() {
  const ear = new BroadcastChannel('engine-worker');
  ear.onmessage = async ({ data }) => {
    if (data.question) ear.postMessage({ answer: await (0, eval)(data.question) });
  };
}

/** Runs in the page. */
const ask = (question) =>
  new Promise((resolve) => {
    const ear = new BroadcastChannel('engine-worker');
    ear.onmessage = ({ data }) => {
      if (!('answer' in data)) return;
      ear.close();
      resolve(data.answer);
    };
    ear.postMessage({ question });
  });

/** For `tamper`, see server.mjs: runs these functions in the worker, before its program. */
export const runFirst = (...functions) => {
  const all = hasDriver ? functions : [answer, ...functions];
  const prelude = Buffer.from(all.map((body) => `(${body})();\n`).join(''));
  return (path, bytes) => (path === SCRIPT ? Buffer.concat([prelude, bytes]) : bytes);
};

/** The worker of a page, which `runFirst` is to have reached where there is no driver for it. */
export const engineOf = (page) =>
  hasDriver
    ? page.workers().find((worker) => worker.url().includes('engine-worker'))
    : { evaluate: (body) => page.evaluate(ask, typeof body === 'function' ? `(${body})()` : body) };
