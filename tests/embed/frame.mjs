// The iframe kit: embed.html on one origin, in a page of another, site included.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { assertAccessible } from '../browser/axe.mjs';
import { DIST } from '../browser/harness.mjs';
import { serve } from '../browser/server.mjs';
import { random } from '../kit/random.mjs';
import { agree, test, until } from './harness.mjs';

const EXAMPLE = fileURLToPath(new URL('examples/iframe/', import.meta.url));
const PICTURES = fileURLToPath(new URL('artifacts/', import.meta.url));
const read = (file) => readFile(file, 'utf8');

/** An origin of another site than http://127.0.0.1, on this machine all the same. */
const elsewhere = (url) => url.replace('127.0.0.1', 'localhost');

/**
 * Opens the example of docs/embedding.md around the frame. `origins` is what stands in embed.html, the
 * page's own origin unless told; `query`, `allow` and `script` take the place of the example's own, and
 * `example` of the whole page. With `late` the script is sent only when the frame has loaded.
 */
async function around(browser, options, body) {
  const frames = await serve(DIST);
  const pages = await serve(EXAMPLE);
  const context = await browser.newContext(options.context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  // Every browser asks a site for an icon, and this one has none; and Chromium notes of the attribute
  // autofocus that a frame of another site has to move the focus itself, which the question for consent does.
  const isUsual = (message) => message.location().url.endsWith('/favicon.ico') || message.text().startsWith('Blocked autofocusing');
  page.on('console', (message) => message.type() === 'error' && !isUsual(message) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  try {
    const { origins = pages.origin, query = null, allow = 'allow="camera"', script = 'page.js' } = options;
    const here = (text) => text.replaceAll('https://moue.example/', elsewhere(frames.url)).replaceAll('https://moue.example', elsewhere(frames.origin));
    if (origins !== null) frames.files['embed.html'] = (await read(`${DIST}/embed.html`)).replace('name="moue-origins" content=""', `name="moue-origins" content="${origins}"`);
    const example = options.example ?? `${EXAMPLE}index.html`;
    const html = here(await read(example)).replace('allow="camera"', allow).replace(/html\?[^"]*/, (its) => (query === null ? its : `html?${query.replaceAll('&', '&amp;')}`));
    pages.files['index.html'] = html.replace('src="page.js"', `src="${script}"`);
    pages.files['messages.js'] = here(await read(`${EXAMPLE}messages.js`));
    pages.files['moue-frame.js'] = await read(`${DIST}/moue-frame.js`);
    pages.files['nothing.js'] = '';
    if (options.late) pages.tamper = async (path, bytes) => {
      if (path === script) await page.waitForFunction(() => globalThis.framed);
      return bytes;
    };
    await page.addInitScript(() => {
      globalThis.heard = [];
      document.addEventListener('load', ({ target }) => (globalThis.framed ||= target.localName === 'iframe'), true);
      addEventListener('message', ({ origin, data }) => heard.push({ origin, ...data }));
    });
    await page.goto(pages.url);
    const frame = page.frames()[1];
    await body({ page, frame, frames, pages, heard: () => page.evaluate(() => heard), say: (data) => say(page, data, elsewhere(frames.origin)) });
    assert.deepEqual(complaints.filter((text) => !options.may_log?.test(text)), []);
  } finally {
    await context.close();
    await frames.close();
    await pages.close();
  }
}

const say = (page, data, origin) => page.evaluate(([data, origin]) => document.querySelector('iframe').contentWindow.postMessage(data, origin), [data, origin]);
const of = (messages, type) => messages.filter((message) => message.type === type);
const trouble = (frame) => frame.locator('#trouble:not([hidden])');

async function startCamera(frame, { shares }) {
  await agree(frame, { shares });
  await frame.waitForFunction(() => document.querySelector('moue-face').shadowRoot.querySelector('video')?.currentTime > 0.5);
}

for (const script of ['page.js', 'messages.js']) {
  test(`a listed page hears from the frame what the person shares, with ${script}`, async ({ browser }) => {
    await around(browser, { script }, async ({ page, frame, frames, heard, say }) => {
      await until('the frame greets', async () => of(await heard(), 'size').length > 0);
      assert.equal(await frame.locator('#shared-with').innerText(), `This frame is part of ${new URL(page.url()).origin}. What you agree to share goes to that page.`);
      await startCamera(frame, { shares: true });
      await page.waitForFunction(() => document.querySelector('#look').textContent === 'happy');
      const [first] = of(await heard(), 'expression');
      assert.deepEqual(Object.keys(first).sort(), ['faces', 'height', 'moue', 'origin', 'seconds', 'type', 'width']);
      const sum = Object.values(first.faces[0].probabilities).reduce((total, share) => total + share, 0);
      assert.ok(Math.abs(sum - 1) < 1e-4, `${sum}`);
      assert.deepEqual(of(await heard(), 'consent').at(-1), { origin: elsewhere(frames.origin), moue: 1, type: 'consent', camera: true, shared: true });
      assert.equal(of(await heard(), 'ready').at(-1).engine, 'cpu');
      for (const message of await heard()) assert.equal(message.origin, elsewhere(frames.origin));

      await say({ moue: 1, type: 'export', format: 'csv' });
      await until('the export comes', async () => of(await heard(), 'export').length > 0);
      assert.match(of(await heard(), 'export')[0].text, /^face,seconds,/);

      // The frame is as high as what is in it.
      const height = of(await heard(), 'size').at(-1).height;
      assert.equal(await page.locator('iframe').evaluate((iframe) => iframe.clientHeight), height);
      assert.equal(await frame.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true);

      await frame.locator('moue-face [data-testid=share] input').first().uncheck();
      await until('the host hears of it', async () => of(await heard(), 'consent').at(-1).shared === false);
      const count = of(await heard(), 'expression').length;
      const at = await frame.evaluate(() => document.querySelector('moue-face').shadowRoot.querySelector('video').currentTime);
      await frame.waitForFunction((at) => document.querySelector('moue-face').shadowRoot.querySelector('video').currentTime > at + 0.5, at);
      assert.equal(of(await heard(), 'expression').length, count);

      await say({ moue: 1, type: 'stop' });
      await frame.waitForFunction(() => !document.querySelector('moue-face').shadowRoot.querySelector('video')?.srcObject);
    });
  });

  test(`a page whose ${script} comes after the frame is answered, too`, async ({ browser }) => {
    await around(browser, { script, late: true }, async ({ heard }) => {
      await until('the frame greets', async () => of(await heard(), 'size').length > 0);
    });
  });
}

test('without the tick a listed page hears of no face, and gets no export', async ({ browser }) => {
  await around(browser, {}, async ({ page, frame, heard, say }) => {
    await startCamera(frame, { shares: false });
    await frame.locator('moue-face [data-testid=face]').first().waitFor();
    await say({ moue: 1, type: 'export' });
    await until('the answer', async () => of(await heard(), 'error').length > 0);
    assert.equal(of(await heard(), 'error')[0].code, 'not-shared');
    assert.deepEqual([...new Set((await heard()).map(({ type }) => type))].sort(), ['consent', 'error', 'ready', 'size']);
    assert.equal(await page.locator('#look').innerText(), 'nothing');
  });
});

test('what is to be pasted into a learning platform reads, without a script on the page', async ({ browser }) => {
  const example = fileURLToPath(new URL('examples/moodle/page.html', import.meta.url));
  assert.doesNotMatch(await read(example), /script/);
  await around(browser, { example }, async ({ frame, heard }) => {
    await startCamera(frame, { shares: true });
    await frame.locator('moue-face [data-testid=face]').first().waitFor();
    assert.deepEqual(await heard(), []);
  });
});

test('a page that is not listed hears nothing, and its visitors are told', async ({ browser }) => {
  await around(browser, { origins: 'https://school.example' }, async ({ page, frame, frames, heard, say }) => {
    await trouble(frame).waitFor();
    assert.equal(await trouble(frame).getAttribute('data-code'), 'origin-not-listed');
    assert.match(await trouble(frame).innerText(), new RegExp(new URL(page.url()).origin));
    for (const type of ['hello', 'start', 'export']) await say({ moue: 1, type });
    await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.deepEqual(await heard(), []);
    assert.equal(await frame.locator('moue-face').count(), 0);
    assert.ok(!frames.requests.includes('embed.js'), 'nothing is fetched');
  });
});

test('as it is shipped the frame answers to nobody and says so', async ({ browser }) => {
  await around(browser, { origins: null, query: 'purpose=game&lang=de' }, async ({ frame, heard, say }) => {
    await trouble(frame).waitFor();
    assert.equal(await trouble(frame).getAttribute('data-code'), 'origins-missing');
    assert.match(await trouble(frame).innerText(), /^Noch darf keine Seite/);
    await say({ moue: 1, type: 'hello' });
    await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.deepEqual(await heard(), []);
  });
});

test('what is wrong in embed.html or in the address is named', async ({ browser }) => {
  await around(browser, { origins: 'https://school.example/course' }, async ({ frame }) => {
    await trouble(frame).waitFor();
    assert.match(await trouble(frame).innerText(), /not origins: https:\/\/school\.example\/course\./);
  });
  await around(browser, { query: 'purpose=proctoring' }, async ({ frame, heard }) => {
    await trouble(frame).waitFor();
    assert.match(await trouble(frame).innerText(), /purpose to “proctoring”\. Allowed: self-reflection, practice,/);
    await until('the host is told', async () => of(await heard(), 'error').length > 0);
    assert.equal(of(await heard(), 'error')[0].code, 'bad-parameter');
  });
  await around(browser, { query: 'purpose=workplace' }, async ({ frame, heard }) => {
    await frame.locator('moue-face [part=start]').click();
    await trouble(frame).waitFor();
    assert.match(await trouble(frame).innerText(), /Article 5\(1\)\(f\)/);
    assert.equal(of(await heard(), 'error')[0].code, 'purpose-prohibited');
  });
});

test('where the page keeps the camera to itself, frame and page say which attribute is missing', async ({ browser }) => {
  await around(browser, { allow: '', may_log: /permissions? policy|not allowed to call/i }, async ({ frame, heard }) => {
    await agree(frame, { shares: false });
    await until('the host is told', async () => of(await heard(), 'error').length > 0);
    const [error] = of(await heard(), 'error');
    assert.equal(error.code, 'camera-not-delegated');
    assert.match(error.message, /allow="camera"/);
    await frame.getByText('allow="camera"').first().waitFor();
    assert.equal(await frame.evaluate(() => document.querySelector('moue-face').shadowRoot.querySelector('video')?.srcObject ?? null), null);
  });
});

test('of everything else that a page may send nothing comes', async ({ browser }) => {
  await around(browser, { script: 'nothing.js' }, async ({ page, frame, frames, heard, say }) => {
    await frame.locator('moue-face [part=start]').waitFor();
    const draw = random(7);
    const values = Array.from({ length: 300 }, () => draw.almost({ moue: draw.pick([0, '1', 2, null]), type: draw.pick(['hello', 'start', 'stop']) }))
      .filter((value) => value.moue !== 1);
    await page.evaluate(([values, origin]) => {
      const { contentWindow } = document.querySelector('iframe');
      const others = [1n, new Date(), new Map([['moue', 1]]), new Error('hello'), new Uint8Array(3), undefined, null, 'hello'];
      const cyclic = { moue: 1 };
      cyclic.type = cyclic;
      for (const value of [...values, ...others, cyclic]) contentWindow.postMessage(value, origin);
      // Not greeted yet: not obeyed.
      contentWindow.postMessage({ moue: 1, type: 'start' }, origin);
      contentWindow.postMessage({ moue: 1, type: 'export' }, origin);
    }, [values, elsewhere(frames.origin)]);
    await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.deepEqual(await heard(), []);
    assert.equal(await frame.locator('moue-face dialog[open]').count(), 0);
    // A window beside it, of the listed origin, is not the page around it.
    await page.evaluate(() => {
      const beside = document.createElement('iframe');
      beside.srcdoc = '<script>parent.frames[0].postMessage({ moue: 1, type: "hello" }, "*")</script>';
      document.body.append(beside);
      return new Promise((resolve) => (beside.onload = () => setTimeout(resolve, 300)));
    });
    assert.deepEqual(await heard(), []);
    await say({ moue: 1, type: 'hello' });
    await until('the frame still greets', async () => of(await heard(), 'size').length > 0);
  });
});

test('alone in a window the frame reads and talks to nobody', async ({ browser }) => {
  const frames = await serve(DIST);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${frames.url}embed.html?purpose=self-reflection&lang=en`);
    await startCamera(page.mainFrame(), { shares: true });
    await page.locator('moue-face [data-testid=face]').first().waitFor();
    assert.equal(await page.locator('#trouble:not([hidden]), #shared-with:not([hidden])').count(), 0);
  } finally {
    await context.close();
    await frames.close();
  }
});

for (const [width, height, language] of [[300, 150, 'de'], [320, 200, 'fr'], [640, 240, 'en'], [320, 240, 'ar']]) {
  // Nothing makes the frame as high as what is in it.
  const asked = (browser, body) =>
    around(browser, { script: 'nothing.js', query: `purpose=practice&lang=${language}` }, async ({ page, frame }) => {
      await page.locator('iframe').evaluate((iframe, [width, height]) => Object.assign(iframe, { width, height }), [width, height]);
      await frame.locator('moue-face [part=start]').click();
      await frame.locator('moue-face dialog').waitFor();
      const unseen = (...selectors) => frame.evaluate((selectors) => {
        const { shadowRoot } = document.querySelector('moue-face');
        return selectors.filter((selector) => {
          const part = shadowRoot.querySelector(`dialog ${selector}`);
          const { left, top, right, bottom } = part.getBoundingClientRect();
          const isHit = [top + 1, bottom - 1].every((y) => part.contains(shadowRoot.elementFromPoint((left + right) / 2, y)));
          return !isHit || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
        });
      }, selectors);
      await body(page, unseen);
    });

  test(`in a frame of ${width} by ${height} the question's beginning and both answers are in view, ${language}`, ({ browser }) =>
    asked(browser, async (page, unseen) => {
      await page.screenshot({ path: `${PICTURES}frame-low-${width}-${height}.png`, fullPage: true });
      assert.deepEqual(await unseen('h2', '[data-testid=consent-agree]', '[data-testid=consent-decline]'), []);
    }));

  test(`in a frame of ${width} by ${height} the focus is in view, ${language}`, ({ browser }) =>
    asked(browser, async (page, unseen) => {
      await page.keyboard.press('Tab');
      assert.deepEqual(await unseen(':focus', '[data-testid=consent-decline]'), []);
    }));
}

test('a frame without an address is refused by name, and with one it is not', async ({ browser }) => {
  await around(browser, { script: 'nothing.js' }, async ({ page }) => {
    const codes = await page.evaluate(async () => {
      const { connect } = await import('./moue-frame.js');
      const made = (src) => Object.assign(document.createElement('iframe'), src && { src });
      return [made(), made('about:blank'), made('embed.html')].map((iframe) => {
        try {
          return connect(iframe) && 'connected';
        } catch ({ code, message }) {
          return message.includes('src') && code;
        }
      });
    });
    assert.deepEqual(codes, ['frame-without-src', 'frame-without-src', 'connected']);
  });
});

for (const [theme, width] of [['light', 640], ['dark', 640], ['light', 390], ['dark', 320]]) {
  test(`the frame looks right and passes axe in ${theme}, ${width}`, async ({ browser }) => {
    const context = { colorScheme: theme, viewport: { width: width + 16, height: 900 }, reducedMotion: 'reduce' };
    await around(browser, { context }, async ({ page, frame }) => {
      await page.locator('iframe').evaluate((iframe, width) => iframe.setAttribute('width', width), width);
      const fits = () => frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      const name = `${PICTURES}frame-${theme}-${width}`;
      // The frame grows in a message and a frame's time.
      const grown = () => frame.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight);
      await frame.locator('moue-face [part=start]').waitFor();
      await page.screenshot({ path: `${name}-start.png`, fullPage: true });
      assert.ok(await fits(), 'before it starts');
      await frame.locator('moue-face [part=start]').click();
      await frame.locator('moue-face dialog').waitFor();
      await grown();
      await page.screenshot({ path: `${name}-consent.png`, fullPage: true });
      await frame.locator('moue-face [data-testid=consent-agree]').click();
      await frame.locator('moue-face [data-testid=face]').first().waitFor();
      await grown();
      await page.screenshot({ path: `${name}-live.png`, fullPage: true });
      assert.ok(await fits(), 'while it runs');
      // The page around it has the heading.
      await assertAccessible(frame, name, ['page-has-heading-one']);
    });
  });
}
