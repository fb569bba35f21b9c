// The example of xAPI in a page, beside a real learning record store of another origin.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { spelled, startLrs, TOKEN } from '../kit/lrs.mjs';
import { exampleOf } from './examples.mjs';
import { agree, test, until } from './harness.mjs';

const SCRIPT = fileURLToPath(new URL('examples/xapi/page.js', import.meta.url));

test('a session that ends with its page is told to the record store, and nothing of the face', async ({ browser }) => {
  const lrs = await startLrs();
  const pages = await exampleOf('html');
  const context = await browser.newContext();
  try {
    pages.files['page.js'] = await readFile(SCRIPT, 'utf8');
    pages.files['session.json'] = JSON.stringify({ endpoint: lrs.endpoint, token: TOKEN, learner: 'learner-7' });
    const html = await readFile(fileURLToPath(new URL('examples/html/index.html', import.meta.url)), 'utf8');
    pages.files['index.html'] = html.replace("connect-src 'self'", `connect-src 'self' ${new URL(lrs.endpoint).origin}`);
    const page = await context.newPage();
    await page.goto(pages.url);
    await agree(page, { shares: true });
    await page.waitForFunction(() => document.querySelector('moue-face').shadowRoot.querySelector('video')?.currentTime > 1);
    await until('the begin is told', async () => (await lrs.statements()).length === 1);
    await page.goto('about:blank');
    await until('the end is told', async () => (await lrs.statements()).length === 2);
    const [first, last] = await lrs.statements();
    assert.equal(first.verb.id, 'http://adlnet.gov/expapi/verbs/initialized');
    assert.equal(last.verb.id, 'http://adlnet.gov/expapi/verbs/terminated');
    assert.equal(first.context.registration, last.context.registration);
    assert.deepEqual(first.actor, { objectType: 'Agent', account: { homePage: 'https://school.example', name: 'learner-7' } });
    assert.doesNotMatch(spelled([first, last]), /happy|neutral|unsure|face/i);
  } finally {
    await context.close();
    await pages.close();
    await lrs.close();
  }
});
