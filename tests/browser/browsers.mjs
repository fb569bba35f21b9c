// The browser that BROWSER names, behind playwright's interface, and which of the tests are for it.

import { OMITTED } from './omitted.mjs';
import { TELLING } from './telling.mjs';

const NAMES = ['chromium', 'firefox', 'webkit'];

export const BROWSER = process.env.BROWSER || 'chromium';
if (!NAMES.includes(BROWSER)) throw new Error(`BROWSER=${BROWSER} is none of ${NAMES.join(', ')}`);

const engine = await import(`./${BROWSER}.mjs`);

/**
 * Starts one of its kind: `plain` (a face before the camera, no WebGPU adapter), `gpu` (a software adapter, which says of
 * itself that it is a fallback), `pair` (two people before the camera), `cameras` (two cameras, which show a test picture), `resisting` (Firefox that resists
 * fingerprinting).
 */
export const launch = (kind = 'plain') => engine.launch(kind);

/**
 * Which of `tests` (of `suite`, page or embed) this browser runs. `wanted` has words of names, `--telling` for those of
 * telling.mjs, or `--note` to keep the result (support.mjs); without words all are wanted.
 */
export function chosen(suite, tests, wanted) {
  const known = new Set(tests.map(({ name }) => name));
  const stale = [];
  const among = (names) => names.filter((name) => known.has(name) || (stale.push(name), false));
  const omitted = new Map();
  for (const { browsers, kind, reason, [suite]: names = [] } of OMITTED) {
    const concerned = among(names).concat(tests.filter((one) => kind && one.browser === kind).map(({ name }) => name));
    if (browsers.includes(BROWSER)) for (const name of concerned) omitted.set(name, reason);
  }
  const telling = Object.fromEntries(Object.entries(TELLING).map(([browser, list]) => [browser, among(list[suite])]));
  if (stale.length > 0) throw new Error(`omitted.mjs and telling.mjs name what is no test:\n${stale.join('\n')}`);
  const words = wanted.filter((word) => !word.startsWith('--'));
  const isWanted = wanted.includes('--telling')
    ? ({ name }) => telling[BROWSER]?.includes(name)
    : ({ name }) => words.length === 0 || words.some((word) => name.includes(word));
  const all = tests.filter(isWanted);
  const left = all.filter(({ name }) => omitted.has(name));
  for (const { name } of left) console.log(`left out ${name}: ${omitted.get(name)}`);
  return { run: all.filter(({ name }) => !omitted.has(name)), left: left.length, notes: wanted.includes('--note') };
}
