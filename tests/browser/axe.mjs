// What axe-core finds wrong with the page as it stands.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let source;

/** Fails with every violation: its rule, what is wrong, and where it is. `without` names rules that say nothing there. */
export async function assertAccessible(page, where, without = []) {
  // A picture that gives way to the next one is pale for a moment.
  await page.waitForFunction(() => {
    const picture = document.querySelector('.picture');
    return !document.querySelector('.stage__frame--busy') && (!picture || getComputedStyle(picture).opacity === '1');
  });
  source ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const violations = await page.evaluate(async ([values, without]) => {
    const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'], rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])) });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html, any, all }) => `    ${html.slice(0, 160)}\n      ${[...any, ...all].map((check) => check.message).join('; ').slice(0, 300)}`).join('\n')}`);
  }, [RULES, without]);
  if (violations.length > 0) assert.fail(`${where}:\n${violations.join('\n')}`);
}
