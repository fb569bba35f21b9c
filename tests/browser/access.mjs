// For everyone: what axe-core says of every state, the keyboard alone, what a screen reader hears, narrow
// windows, enlarged text, forced colours.

import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { BROWSER } from './browsers.mjs';
import { empty, fixture, text } from './files.mjs';
import { sleep, test } from './harness.mjs';
import { TEMPORARY } from './states.mjs';

const CPU = { query: 'engine=cpu' };
const CHANGES = ['light', 'dark'].flatMap((colorScheme) => ['en-GB', 'ar-EG'].map((locale) => ({ colorScheme, locale })));

/** Brings the page into every state that can be reached and calls `look(name)` in each. */
async function everyState(moue, page, look) {
  await look('first visit');
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  await look('everything unfolded');
  await moue.refuses('drop', text());
  await look('a file that is no picture');
  await moue.reads('drop', await fixture('happy.png'));
  await look('a photo');
  await moue.reads('drop', await fixture('crowd.png'));
  await look('several faces');
  await moue.reads('drop', await fixture('no-face.png'));
  await look('no face');
  await moue.id('camera-start').click();
  await moue.id('consent').waitFor();
  await look('consent');
  await moue.id('consent-agree').click();
  await moue.id('face').first().waitFor();
  await look('camera');
  // What shows itself only while a camera plays, whatever of it there is.
  for (const name of ['details', 'mirror', 'attention', 'camera-pause']) {
    const button = moue.id(name);
    if (!(await button.count())) continue;
    await button.first().click();
    await look(name);
  }
  await moue.id('camera-stop').first().click();
  await look('after the camera');
}

for (const context of CHANGES) {
  const name = `${context.locale.slice(0, 2)}, ${context.colorScheme}`;
  test(`axe finds nothing in any state (${name})`, { ...CPU, context, consents: false }, async (moue, page) => {
    assert.equal(await page.evaluate(() => document.documentElement.lang), context.locale.slice(0, 2));
    const states = [];
    const wrong = [];
    await everyState(moue, page, async (state) => {
      states.push(state);
      await assertAccessible(page, state).catch((error) => wrong.push(error.message));
    });
    if (wrong.length > 0) assert.fail(wrong.join('\n'));
    console.log(`        ${states.join(', ')}`);
  });
}

for (const [state, enter] of Object.entries(TEMPORARY)) {
  test(`axe finds nothing and the keyboard reaches everything: ${state}`, { ...CPU, consents: state !== 'consent' }, async (moue, page) => {
    await enter(moue, page);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page, `${state}, ${colorScheme}`);
      await moue.screenshot(`${state}-${colorScheme}`);
    }
    if (state === 'consent') await assertHolds(page);
    else await assertWalkable(moue, page, state);
  });
}

/** Fails unless the Tab key stays within the dialog, comes to everything in it, and shows where it is. */
async function assertHolds(page) {
  const seen = [];
  for (let press = 0; press < 6; press += 1) {
    await page.keyboard.press('Tab');
    // From its end the focus goes to the browser's own controls and back into the dialog.
    const at = await focused(page);
    if (at) seen.push(at);
  }
  const names = new Set(seen.map((step) => step.name.split(' ')[0]));
  // Others than Chromium stop at the dialog itself, too.
  if (BROWSER !== 'chromium') names.delete('consent');
  assert.deepEqual([...names].sort(), ['consent-agree', 'consent-decline']);
  for (const step of seen) assert.ok(step.outlined && step.inView, `${step.name} shows no focus`);
}

for (const colorScheme of ['light', 'dark']) {
  const failing = { ...CPU, context: { colorScheme }, arrive: 'failed', may_log: /404/, tamper: (path, bytes) => (path.startsWith('model/') ? null : bytes) };
  test(`axe finds nothing where loading failed (${colorScheme})`, failing, (moue, page) => assertAccessible(page, 'failed'));
  test(`axe finds nothing where the browser is too old (${colorScheme})`, {
    before: 'WebAssembly.validate = () => false;',
    arrive: 'unsupported',
    context: { colorScheme },
  }, (moue, page) => assertAccessible(page, 'unsupported'));
}

test('axe finds nothing in forced colours', { ...CPU, context: { forcedColors: 'active', colorScheme: 'dark' } }, async (moue, page) => {
  await moue.reads('drop', await fixture('happy.png'));
  // The colours are the system's, which axe takes for ours.
  await assertAccessible(page, 'a photo', ['color-contrast']);
  await moue.screenshot('forced-colours');
});

/** Everything on the page that is operated, by what it is to a person. */
const operable = (page) =>
  page.evaluate(() => {
    const all = document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex="0"]');
    const seen = [...all].filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility());
    return seen.map((element, index) => {
      element.dataset.walk = String(index);
      return `${element.dataset.testid ?? element.tagName.toLowerCase()} ${index}`;
    });
  });

const focused = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return null;
    // A hidden file input shows its focus at its label.
    const shows = at.type === 'file' ? at.labels[0] : at;
    const style = getComputedStyle(shows);
    const { top, bottom, left, right } = shows.getBoundingClientRect();
    return {
      name: `${at.dataset.testid ?? at.tagName.toLowerCase()} ${at.dataset.walk}`,
      outlined: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2,
      inView: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    };
  });

/** Presses `key` until the focus has left the page, and returns where it was. */
async function walk(page, key, most) {
  const steps = [];
  for (let press = 0; press <= most; press += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at === null || steps.some((step) => step.name === at.name)) return steps;
    steps.push(at);
  }
  return assert.fail(`${key} does not come to an end: ${steps.map((step) => step.name)}`);
}

async function assertWalkable(moue, page, state) {
  const all = await operable(page);
  await page.evaluate(() => {
    // The walk begins where the focus was last, even if that is gone: at the top, then.
    const top = document.createElement('p');
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
    scrollTo(0, 0);
  });
  const there = await walk(page, 'Tab', all.length + 5);
  assert.deepEqual(there.map((step) => step.name).sort(), [...all].sort(), `${state}: the Tab key comes to everything`);
  assert.deepEqual(there.map((step) => step.name), all, `${state}: in the order in which it stands there`);
  for (const step of there) {
    assert.ok(step.outlined, `${state}: ${step.name} shows no focus`);
    assert.ok(step.inView, `${state}: ${step.name} has the focus and is out of view`);
  }
}

test('the keyboard reaches everything, in order and visibly', CPU, async (moue, page) => {
  await assertWalkable(moue, page, 'ready');
  await moue.reads('drop', await fixture('happy.png'));
  await assertWalkable(moue, page, 'photo');
  await moue.id('camera-start').click();
  await moue.id('face').first().waitFor();
  await assertWalkable(moue, page, 'camera');
  await moue.id('camera-stop').first().focus();
  await page.keyboard.press('Enter');
  await moue.id('camera-start').waitFor();
});

test('the question about the camera holds the focus, and gives it back', { ...CPU, consents: false }, async (moue, page) => {
  await moue.id('camera-start').focus();
  await page.keyboard.press('Enter');
  await moue.id('consent').waitFor();
  const inside = () => page.evaluate(() => Boolean(document.activeElement?.closest('[data-testid="consent"]')));
  assert.ok(await inside(), 'the focus is in the question');
  await page.keyboard.press('Escape');
  await moue.id('consent').waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), 'camera-start');
});

test('what the page is, is told to a screen reader', CPU, async (moue, page) => {
  await moue.reads('drop', await fixture('happy.png'));
  const tree = await page.locator('body').ariaSnapshot();
  for (const part of [/- banner/, /- main/, /- contentinfo/, /- heading .* \[level=1\]/, /- button "Start camera"/, /- img "The photo that was read"/, /- status/]) {
    assert.match(tree, part, tree);
  }
  const unnamed = tree.split('\n').filter((line) => /^\s*- (button|link|img|combobox|checkbox|slider)(:| \[|$)/.test(line));
  assert.deepEqual(unnamed, [], tree);
});

test('a screen reader hears what is stable, at most every three seconds', { ...CPU, context: { reducedMotion: 'no-preference' } }, async (moue, page) => {
  await page.evaluate(() => {
    window.heard = [];
    const region = document.querySelector('[data-testid="announcement"]');
    let before = region.textContent.trim();
    new MutationObserver(() => {
      const now = region.textContent.trim();
      if (now !== before && now !== '') window.heard.push([performance.now(), now]);
      before = now;
    }).observe(region, { subtree: true, childList: true, characterData: true });
  });
  await moue.id('camera-start').click();
  await page.waitForFunction(() => window.heard.length > 0, null, { timeout: 20_000 });
  await sleep(8000);
  const heard = await page.evaluate(() => window.heard);
  for (let index = 1; index < heard.length; index += 1) {
    assert.ok(heard[index][0] - heard[index - 1][0] >= 2900, JSON.stringify(heard));
    assert.notEqual(heard[index][1], heard[index - 1][1]);
  }
  assert.equal(await moue.id('announcement').getAttribute('aria-live'), 'polite');
  console.log(`        ${heard.map(([, sentence]) => sentence).join(' | ')}`);
});

/** What reaches beyond the window, and what that is operated lies on other such things. */
const misplaced = (page) =>
  page.evaluate(() => {
    const wrong = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) wrong.push(`the page is ${scrollWidth} pixels wide in a window of ${clientWidth}`);
    const all = [...document.querySelectorAll('a[href], button, select, summary, label.button')].filter((element) => element.checkVisibility());
    const name = (element) => element.dataset.testid ?? element.textContent.trim().slice(0, 30);
    const boxes = all.map((element) => [element, element.getBoundingClientRect()]);
    for (const [element, box] of boxes) {
      const isScrolled = Boolean(element.closest('.album__strip, .scores, .numbers__frame'));
      if (!isScrolled && (box.left < -0.5 || box.right > clientWidth + 0.5)) wrong.push(`${name(element)} reaches from ${box.left} to ${box.right}`);
      const inText = getComputedStyle(element).display.startsWith('inline') && element.tagName === 'A';
      if (!inText && Math.min(box.width, box.height) < 24) wrong.push(`${name(element)} is ${box.width} × ${box.height}`);
      for (const [other, its] of boxes) {
        if (element === other || element.contains(other) || other.contains(element)) continue;
        const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        if (across > 1 && down > 1) wrong.push(`${name(element)} lies on ${name(other)}`);
      }
    }
    // Words that stick out of the card, the row or the button in which they stand. A select's own are cut off with three dots.
    for (const element of document.querySelectorAll('main *, footer *, header *, dialog *')) {
      const { display, overflowX } = getComputedStyle(element);
      if (display === 'inline' || overflowX !== 'visible' || !element.checkVisibility() || element.matches('.timeline__ticks, .choice select') || element.closest('svg, .picture, .unseen')) continue;
      const out = element.scrollWidth - element.clientWidth;
      if (out > 1 && element.clientWidth > 0) wrong.push(`${element.className || element.tagName} holds what is ${out} pixels wider: ${name(element)}`);
    }
    return wrong;
  });

/** What a finger is to press, and how large it is, where that is less than 44 pixels. */
const small = (page) =>
  page.evaluate(() => {
    const all = document.querySelectorAll('a[href], button, select, summary, label.button, label.tick, input[type="range"]');
    const seen = [...all].filter((element) => element.checkVisibility());
    return seen
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < 43.5)
      .map(([element, { width, height }]) => `${element.dataset.testid ?? element.textContent.trim()} is ${width} × ${height}`);
  });

for (const [state, enter] of Object.entries(TEMPORARY)) {
  const context = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };
  test(`a finger finds everything 44 pixels large: ${state}`, { ...CPU, context, consents: state !== 'consent' }, async (moue, page) => {
    assert.ok(await page.evaluate(() => matchMedia('(pointer: coarse)').matches), 'this is a finger');
    await enter(moue, page);
    assert.deepEqual(await small(page), [], state);
    await moue.screenshot(`finger-${state}`);
  });
}

const WIDTHS = [
  ['320 pixels', 320, 1],
  ['1280 pixels at 200 % zoom', 640, 1],
  ['640 pixels with text twice as large', 640, 2],
  ['320 pixels with text twice as large', 320, 2],
];

for (const [what, width, text] of WIDTHS) {
  for (const locale of ['en', 'de', 'ar']) {
    test(`nothing is cut off or covered at ${what} (${locale})`, { ...CPU, context: { locale, viewport: { width, height: 700 } } }, async (moue, page) => {
      await page.evaluate((text) => (document.documentElement.style.fontSize = `${100 * text}%`), text);
      const look = async (state) => {
        assert.deepEqual(await misplaced(page), [], state);
        await moue.screenshot(`narrow-${width}-${text}-${locale}-${state}`);
      };
      await look('ready');
      await moue.refuses('drop', empty());
      await look('error');
      await moue.reads('drop', await fixture('crowd.png'));
      await look('crowd');
      await moue.id('camera-start').click();
      await moue.id('face').first().waitFor();
      await look('camera');
      await TEMPORARY['everything that a camera shows'](moue, page);
      await look('unfolded');
      await moue.id('camera-stop').first().click();
      await TEMPORARY.album(moue, page);
      await look('album');
    });
  }
}

/** How many elements move for longer than a millisecond, once a photo is read. */
async function moving(moue, page) {
  await moue.reads('drop', await fixture('happy.png'));
  return page.evaluate(() => {
    const longest = (value) => Math.max(...value.split(',').map((part) => Number.parseFloat(part) * (part.trim().endsWith('ms') ? 1 : 1000)));
    return [...document.querySelectorAll('*')].filter((element) => {
      const { transitionDuration, animationDuration } = getComputedStyle(element);
      return Math.max(longest(transitionDuration), longest(animationDuration)) > 1;
    }).length;
  });
}

test('who wants no motion gets none', CPU, async (moue, page) => assert.equal(await moving(moue, page), 0));

test('others see the bars glide', { ...CPU, context: { reducedMotion: 'no-preference' } }, async (moue, page) => assert.ok((await moving(moue, page)) > 0));
