// Languages, the about panel.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { fixture, text } from './files.mjs';
import { DIST, sleep, test } from './harness.mjs';

const LANGUAGES = { en: 'ltr', de: 'ltr', fr: 'ltr', es: 'ltr', ar: 'rtl', zh: 'ltr' };
const LOCALES = new URL('../../www/locales/', import.meta.url);

/** Names that are the same in every language, and lines of measured values. */
const SAME = /^(moue|CPU|WebGPU|WebAssembly SIMD|English|Deutsch|Français|Español|العربية|中文|.*EfficientNet.*|.*sha256.*|[^\p{L}]*|[\d.,]+\s(ms|s|MB))$/u;

/** Key → text of every message of a language, without those that choose a plural. */
async function messages(language) {
  const folder = new URL(`${language}/`, LOCALES);
  const found = new Map();
  for (const file of await readdir(folder)) {
    for (const line of (await readFile(new URL(file, folder), 'utf8')).split('\n')) {
      const [, key, value] = line.match(/^([a-z][a-z0-9-]*) = (.*)$/) ?? [];
      if (key) found.set(key, value.trim());
    }
  }
  return found;
}

/** What a message becomes with whatever arguments. */
const pattern = (message) => {
  const parts = message.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 'u');
};

/** Every text that the page shows or tells a screen reader, but what is marked as another language. */
const shown = (page) =>
  page.evaluate(() => {
    const own = document.documentElement.lang;
    const foreign = (element) => {
      const marked = element.closest('[lang]');
      return marked && marked.lang !== own;
    };
    const texts = [document.title];
    for (const element of document.querySelectorAll('body *')) {
      if (foreign(element) || element.closest('script, style, [hidden]')) continue;
      for (const name of ['aria-label', 'title', 'alt', 'placeholder']) {
        if (element.getAttribute(name)) texts.push(element.getAttribute(name));
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && node.data.trim()) texts.push(node.data.trim());
      }
    }
    return texts;
  });

/** The page with a reading, its panel open and a complaint: as many words as it can show at once. */
async function fill(moue) {
  await moue.reads('drop', await fixture('happy.png'));
  await moue.id('about-model').locator('summary').click();
}

async function choose(moue, language) {
  await moue.id('language').selectOption(language);
  await moue.page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
}

test('every language says everything in its own words', { query: 'engine=cpu' }, async (moue, page) => {
  await fill(moue);
  const keys = [...(await messages('en')).keys()].filter((key) => key.includes('-'));
  const states = {
    reading: async () => {},
    refused: async () => moue.refuses('drop', text()),
  };
  for (const [state, reach] of Object.entries(states)) {
    await choose(moue, 'en');
    await reach();
    const english = new Set(await shown(page));
    assert.ok(english.size > 40, `${english.size} texts`);
    for (const [language, direction] of Object.entries(LANGUAGES)) {
      await choose(moue, language);
      assert.equal(await page.evaluate(() => document.documentElement.dir), direction);
      const texts = await shown(page);
      const bare = texts.filter((one) => keys.some((key) => one === key || one.split(/\s/).includes(key)));
      assert.deepEqual(bare, [], `${language}, ${state}: names of messages`);
      const holes = texts.filter((one) => /\{|\$[a-z]/.test(one));
      assert.deepEqual(holes, [], `${language}, ${state}: arguments that are missing`);
      if (language === 'en') continue;
      const own = [...(await messages(language)).values()].map(pattern);
      const is_own = (one) => SAME.test(one) || own.some((message) => message.test(one));
      const left = texts.filter((one) => english.has(one) && !is_own(one));
      assert.deepEqual(left, [], `${language}, ${state}: English that was left`);
    }
  }
});

for (const language of Object.keys(LANGUAGES)) {
  const query = `engine=cpu&lang=${language}`;
  test(`the page in ${language}, as in its address`, { query }, async (moue, page) => {
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
    assert.equal(await moue.id('language').inputValue(), language);
    await fill(moue);
    await moue.screenshot(`words-${language}`);
    await page.setViewportSize({ width: 390, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 390, `${wide} pixels wide`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await moue.screenshot(`words-${language}-phone-dark`);
  });
}

test('another language is no request and is remembered', { query: 'engine=cpu' }, async (moue, page) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const language of Object.keys(LANGUAGES)) await choose(moue, language);
  await choose(moue, 'de');
  assert.deepEqual(asked, []);
  const spoken = async (query) => {
    await page.goto(`${moue.server.url}?${query}`);
    await moue.arrives('ready');
    return page.evaluate(() => document.documentElement.lang);
  };
  assert.equal(await spoken('engine=cpu'), 'de', 'what was chosen');
  assert.equal(await spoken('engine=cpu&lang=fr'), 'fr', 'the address wins');
  assert.equal(await spoken('engine=cpu&lang=tlh'), 'de', 'unless it names none that is spoken');
});

test('the browser’s own language is spoken first', { query: 'engine=cpu', context: { locale: 'de-AT' } }, async (moue, page) => {
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await moue.reads('drop', await fixture('happy.png'));
  const percent = page.locator('[data-testid="bar-happy"]').first();
  assert.match(await percent.innerText(), /\d,\d\s%/);
});

const blocked = `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('as a test', 'SecurityError'); } });`;

test('a language can be chosen where nothing may be stored', { query: 'engine=cpu', before: blocked }, async (moue) => {
  for (const language of ['fr', 'ar', 'en']) await choose(moue, language);
  assert.equal((await moue.reads('drop', await fixture('happy.png'))).length, 1);
});

test('a complaint follows the language', { query: 'engine=cpu' }, async (moue) => {
  const english = await moue.refuses('drop', text());
  await choose(moue, 'fr');
  const french = await moue.id('error').innerText();
  assert.notEqual(french, english.sentence);
  assert.match(french, /image/);
});

test('the panel about the model tells what the manifest says', { query: 'engine=cpu&lang=en' }, async (moue, page) => {
  const manifest = JSON.parse(await readFile(`${DIST}/model/manifest.json`, 'utf8'));
  const measured = manifest.accuracy.find(({ split }) => split === 'PrivateTest, FER+ majority');
  const { confusion } = measured;
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  // Faces that most people called contemptuous are in no row, and count as mistakes.
  const unlisted = measured.images - sum(confusion.map(sum));
  assert.ok(unlisted >= 0 && unlisted < measured.images / 100, `${unlisted} of ${measured.images}`);
  assert.ok(Math.abs(sum(confusion.map((row, at) => row[at])) / measured.images - measured.after) < 1e-9);
  await moue.id('about-model').locator('summary').click();
  const accuracy = moue.id('about-accuracy');
  assert.equal(Number(await accuracy.getAttribute('data-accuracy')), measured.after);
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  assert.ok((await accuracy.innerText()).includes(percent(measured.after)));
  for (const [at, label] of manifest.labels.entries()) {
    const row = moue.id(`about-${label}`);
    const recall = confusion[at][at] / sum(confusion[at]);
    const precision = confusion[at][at] / sum(confusion.map((line) => line[at]));
    assert.ok(Math.abs(Number(await row.getAttribute('data-recall')) - recall) < 1e-9, label);
    assert.ok(Math.abs(Number(await row.getAttribute('data-precision')) - precision) < 1e-9, label);
    const told = await row.innerText();
    for (const part of [percent(recall), percent(precision), sum(confusion[at]).toLocaleString('en')]) {
      assert.ok(told.includes(part), `${label}: ${told}`);
    }
  }
  await moue.id('about-model').screenshot({ path: new URL('artifacts/about-model.png', import.meta.url).pathname });
});

/** Puts every text node into new elements, with a new node of the same text, as a browser's translation does. */
const replaceTexts = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) if (walker.currentNode.data.trim()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      inner.textContent = node.data;
      outer.append(inner);
      node.replaceWith(outer);
    }
    return nodes.length;
  });

for (const [name, step] of Object.entries({
  'another photo': async (moue) => moue.reads('drop', await fixture('crowd.png')),
  'a photo without a face': async (moue) => moue.reads('drop', await fixture('no-face.png')),
  'another language': async (moue) => choose(moue, 'de'),
  'a file that is none': async (moue) => moue.refuses('drop', text()),
})) {
  test(`translated by the browser, the page still tells ${name}`, { query: 'engine=cpu&lang=en' }, async (moue, page) => {
    const told = async () => {
      await step(moue);
      // What was said of the picture before goes a moment after the answer.
      let [texts, before] = ['', null];
      while (texts !== before) {
        before = texts;
        await sleep(300);
        texts = await page.evaluate(() => document.getElementById('app').innerText);
      }
      // WebKit breaks lines at the new elements.
      return texts.replace(/[\d.,]+\s?(ms|sec|Sek\.)/g, '… ms').replace(/\s+/g, '');
    };
    await fill(moue);
    const untouched = await told();
    await page.reload();
    await moue.arrives('ready');
    await fill(moue);
    const count = await replaceTexts(page);
    assert.ok(count > 40, `${count} texts`);
    assert.equal(await told(), untouched);
  });
}
