// The frame's sentences: every one in every language of the page, with the same gaps.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { chooseLanguage, direction, LANGUAGES, say, SENTENCES } from '../../www/frame-words.js';

const gapsOf = (text) => [...text.replace(/[\u2066-\u2069]/g, '').matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test('the frame speaks every language that the page speaks', async () => {
  const locales = await readdir(new URL('../../www/locales/', import.meta.url));
  assert.deepEqual([...LANGUAGES].sort(), locales.sort());
});

test('every sentence stands in every language, differs from English and keeps its gaps', () => {
  const same = Object.fromEntries(['host', 'words', 'name', 'value', 'allowed'].map((gap) => [gap, `{${gap}}`]));
  for (const name of SENTENCES) {
    const english = say('en', name, same);
    for (const language of LANGUAGES) {
      const sentence = say(language, name, same);
      assert.deepEqual(gapsOf(sentence), gapsOf(english), `${language}: ${name}`);
      if (language !== 'en') assert.notEqual(sentence, english, `${language}: ${name}`);
    }
  }
});

test('from right to left, text of programs stays in one piece', () => {
  const sentence = say('ar', 'origin-not-listed', { host: 'https://school.example:8443' });
  for (const piece of ['https://school.example:8443', 'moue-origins', 'embed.html']) assert.ok(sentence.includes(`\u2068${piece}\u2069`), piece);
  assert.doesNotMatch(say('en', 'origin-not-listed', { host: 'x' }), /[\u2066-\u2069]/);
});

test('the first wanted language that there is wins, and English where there is none', () => {
  assert.equal(chooseLanguage(['pt-BR', 'de-AT', 'fr']), 'de');
  assert.equal(chooseLanguage(['zh-Hant-TW']), 'zh');
  assert.equal(chooseLanguage(['pt']), 'en');
  assert.equal(chooseLanguage([]), 'en');
  assert.equal(direction('ar'), 'rtl');
  assert.equal(direction('fr'), 'ltr');
});
