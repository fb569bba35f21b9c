// The worker in which the engine computes, seen from a test.

const SCRIPT = 'engine-worker.js';

/** For `tamper`, see server.mjs: runs these functions in the worker, before its program. */
export const runFirst = (...functions) => {
  const prelude = Buffer.from(functions.map((body) => `(${body})();\n`).join(''));
  return (path, bytes) => (path === SCRIPT ? Buffer.concat([prelude, bytes]) : bytes);
};

/** The worker of a page. */
export const engineOf = (page) => page.workers().find((worker) => worker.url().includes('engine-worker'));
