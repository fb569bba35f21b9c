// What each browser last made of the whole list, in support.json and in the README's table.

import { readFile, writeFile } from 'node:fs/promises';
import { writeBetween } from '../bench/readme.mjs';

const FILE = new URL('support.json', import.meta.url);
const NAMES = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' };
const SUITES = ['page', 'embed'];

const told = ({ passed, failed, left }) => `${passed} passed, ${failed} failed${left ? `, ${left} left out` : ''}`;

/** Keeps `result`, which is `{ version, passed, failed, left }`, as the last one of `browser` and `suite`. */
export async function note(browser, suite, result) {
  const all = JSON.parse(await readFile(FILE, 'utf8'));
  all[browser] = { ...all[browser], [suite]: { date: new Date().toISOString().slice(0, 10), ...result } };
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`);
  const rows = Object.entries(NAMES).flatMap(([name, title]) =>
    SUITES.filter((suite) => all[name]?.[suite]).map((suite) => {
      const { date, version, ...counts } = all[name][suite];
      return `| ${title} ${version} | ${date} | ${suite === 'page' ? 'the page' : 'in other pages'} | ${told(counts)} |\n`;
    }),
  );
  await writeBetween('<!-- make test-browser BROWSER=… writes this -->', '<!-- browsers end here -->', `| | | tests of | |\n|---|---|---|---|\n${rows.join('')}`);
}
