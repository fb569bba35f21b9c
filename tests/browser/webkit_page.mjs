// Pages and locators of webkit.mjs, as playwright has them.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { chooseFiles, filesAt } from './choose.mjs';
import { find, isVisible, plain, revive, spot } from './webkit_inside.mjs';

const KEYS = {
  Alt: '\uE00A', ArrowDown: '\uE015', ArrowLeft: '\uE012', ArrowRight: '\uE014', ArrowUp: '\uE013', Backspace: '\uE003', Control: '\uE009', Delete: '\uE017',
  End: '\uE010', Enter: '\uE007', Escape: '\uE00C', Home: '\uE011', PageDown: '\uE00F', PageUp: '\uE00E', Shift: '\uE008', Space: ' ', Tab: '\uE004',
};
const STEP_MILLIS = 40;
/** No picture is taller, in pixels of cairo. */
const TALLEST = 32_000;

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** The text of a function as an expression, which that of a method is not. */
function expression(body) {
  const text = String(body);
  if (/^(async\s+)?(function\b|\(|[\w$]+\s*=>)/.test(text)) return text;
  return text.startsWith('async ') ? text.replace('async', 'async function') : `function ${text}`;
}

/** A script that calls a function, or that is given. */
export const sourceOf = (body, argument) => (typeof body === 'function' ? `(${expression(body)})(${JSON.stringify(argument) ?? ''});` : body);

function isExpression(text) {
  try {
    return Boolean(new Function(`return (${text}\n)`));
  } catch {
    return false;
  }
}

const PRELUDE = [find, isVisible, plain, revive].map(String).join('\n');

/** A script for WebDriver, which answers in JSON. */
const wrapped = (body) => `${PRELUDE}
const [argument, answer] = arguments;
(async () => { ${body} })()
  .then((value) => answer(JSON.stringify({ value }, plain)))
  .catch((error) => answer(JSON.stringify({ error: String(error), stack: error?.stack })));`;
/** The opposite of `plain`. */
const unwrapped = (text) => JSON.parse(text, (key, value) => (typeof value?.notFinite === 'string' ? Number(value.notFinite) : value));

/** Where scripts run and elements are: a page, or the frame in it. */
class Place {
  isInner = false;

  locator(css, options) {
    const locator = new Locator(this, [{ css }]);
    return options ? locator.filter(options) : locator;
  }

  getByText(text) {
    return new Locator(this, [{ text }]);
  }

  async script(body, argument = null) {
    const { owner } = this.page;
    const run = () => owner.command('POST', '/execute/async', { script: wrapped(body), args: [argument] });
    for (let tries = 0; ; tries += 1) {
      try {
        const { value, error, stack } = unwrapped((await owner.turn(this.page, this.isInner, run)) ?? '{}');
        if (error) throw Object.assign(new Error(`in the page: ${error}\n${stack ?? ''}`), { isInside: true });
        return value;
      } catch (error) {
        // The page went away under the script.
        if (error.isInside || tries === 3 || !/no such frame|stale|closed|navigat/i.test(error.message)) throw error;
        owner.forget();
        await sleep(200);
      }
    }
  }

  evaluate(body, argument) {
    if (typeof body === 'function') return this.script(`return (${expression(body)})(revive(argument));`, argument);
    return this.script(isExpression(body) ? `return (${body}\n);` : body);
  }

  async evaluateHandle(body, argument) {
    const kept = `window.handles ??= []; return window.handles.push(await (${expression(body)})(revive(argument))) - 1;`;
    return { handle: await this.script(kept, argument) };
  }

  async waitForFunction(body, argument, { timeout = this.page.timeout } = {}) {
    for (const end = Date.now() + timeout; ; await sleep(STEP_MILLIS)) {
      const value = await this.evaluate(body, argument);
      if (value) return { jsonValue: async () => value };
      if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for ${String(body).slice(0, 300)}`);
    }
  }

  waitForSelector(css, options) {
    return this.locator(css).waitFor(options);
  }
}

class Frame extends Place {
  isInner = true;

  constructor(page) {
    super();
    this.page = page;
  }
}

export class WebkitPage extends Place {
  page = this;
  timeout = 30_000;
  keyboard = { press: (keys) => press(this, keys) };
  mouse = { click: (x, y) => click(this, x, y) };
  #address = 'about:blank';

  /** The `window`th page of a context. */
  constructor(owner, window) {
    super();
    this.owner = owner;
    this.window = window;
  }

  context() {
    return this.owner;
  }

  mainFrame() {
    return this;
  }

  /** All pages of a context hear the same. Errors that nobody catches come as `console`, not as `pageerror`. */
  on(name, hear) {
    if (name === 'console') this.owner.on('console', hear);
    if (name === 'request') this.owner.on('request', ({ url }) => hear({ url: () => url }));
  }

  waitForEvent(name, { timeout = this.timeout } = {}) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${name} in ${timeout} ms`)), timeout);
      this.owner.once(name, ({ path, name }) => {
        clearTimeout(timer);
        resolve({ path: async () => path, suggestedFilename: () => name });
      });
    });
  }

  setDefaultTimeout(timeout) {
    this.timeout = timeout;
  }

  addInitScript(body, argument) {
    return this.owner.addInitScript(body, argument);
  }

  async goto(url) {
    this.#address = url;
    this.owner.workers.clear();
    await this.owner.turn(this, false, () => this.owner.command('POST', '/url', { url }));
  }

  async reload() {
    this.owner.workers.clear();
    await this.owner.turn(this, false, () => this.owner.command('POST', '/refresh'));
  }

  url() {
    return this.#address;
  }

  title() {
    return this.evaluate(() => document.title);
  }

  frames() {
    return [this, new Frame(this)];
  }

  workers() {
    return [...this.owner.workers.values()].map((url) => ({ url: () => url }));
  }

  waitForTimeout(millis) {
    return sleep(millis);
  }

  async setViewportSize({ width, height }) {
    await this.owner.ask({ do: 'size', window: this.window, width, height });
    await this.waitForFunction(([width, height]) => innerWidth === width && innerHeight === height, [width, height]);
  }

  async emulateMedia(looks) {
    await this.owner.ask({ do: 'looks', looks });
    // The window hears of it later than the answer comes.
    await sleep(250);
  }

  async screenshot({ path, fullPage = false }) {
    mkdirSync(dirname(path), { recursive: true });
    const full = fullPage && (await this.evaluate((most) => document.documentElement.scrollHeight <= most, TALLEST));
    await this.owner.ask({ do: 'picture', window: this.window, path, full });
  }
}

async function act(place, action) {
  const { page, isInner } = place;
  await page.owner.turn(page, isInner, () => page.owner.command('POST', '/actions', { actions: [action] }));
}

function press(place, keys) {
  const all = keys.split('+').map((key) => KEYS[key] ?? key);
  const [down, up] = ['keyDown', 'keyUp'].map((type) => all.map((value) => ({ type, value })));
  return act(place, { type: 'key', id: 'keyboard', actions: [...down, ...up.reverse()] });
}

function click(place, x, y) {
  const move = { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0, origin: 'viewport' };
  const actions = [move, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }];
  return act(place, { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions });
}

class Locator {
  constructor(place, steps) {
    this.place = place;
    this.steps = steps;
  }

  with(step) {
    return new Locator(this.place, [...this.steps, step]);
  }

  locator(css) {
    return this.with({ css });
  }

  nth(nth) {
    return this.with({ nth });
  }

  first() {
    return this.nth(0);
  }

  last() {
    return this.nth(-1);
  }

  filter({ hasText, has }) {
    if (has) return this.with({ has: has.steps });
    return this.with(hasText instanceof RegExp ? { pattern: hasText.source } : { hasText });
  }

  /** Runs `body(elements, argument, isVisible)` in the page. */
  evaluateAll(body, argument = null) {
    const call = `const [steps, given] = argument; return (${expression(body)})(find(steps), revive(given), isVisible);`;
    return this.place.script(call, [this.steps, argument]);
  }

  /** Runs `body` as `evaluateAll` does until it gives something true. */
  async until(what, body, argument, timeout = this.place.page.timeout) {
    for (const end = Date.now() + timeout; ; await sleep(STEP_MILLIS)) {
      const value = await this.evaluateAll(body, argument);
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain until ${what}: ${JSON.stringify(this.steps)}`);
    }
  }

  /** Runs `body(element, argument)` in the page when the element is there. */
  async evaluate(body, argument) {
    const first = `async (all, argument) => (all.length > 0 ? { value: await (${expression(body)})(all[0], argument) } : null)`;
    return (await this.until('it is there', { toString: () => first }, argument)).value;
  }

  waitFor({ state = 'visible', timeout } = {}) {
    const reached = (all, state, isVisible) => {
      const isThere = /visible|hidden/.test(state) ? all.some(isVisible) : all.length > 0;
      return isThere === ['visible', 'attached'].includes(state);
    };
    return this.until(`it is ${state}`, reached, state, timeout);
  }

  async all() {
    return Array.from({ length: await this.count() }, (_, at) => this.nth(at));
  }

  count() {
    return this.evaluateAll((all) => all.length);
  }

  isVisible() {
    return this.evaluateAll((all, _, isVisible) => all.length > 0 && isVisible(all[0]));
  }

  allTextContents() {
    return this.evaluateAll((all) => all.map((one) => one.textContent));
  }

  allInnerTexts() {
    return this.evaluateAll((all) => all.map((one) => one.innerText));
  }

  getAttribute(name) {
    return this.evaluate((one, name) => one.getAttribute(name), name);
  }

  innerText() {
    return this.evaluate((one) => one.innerText);
  }

  textContent() {
    return this.evaluate((one) => one.textContent);
  }

  inputValue() {
    return this.evaluate((one) => one.value);
  }

  isDisabled() {
    return this.evaluate((one) => one.matches(':disabled'));
  }

  isChecked() {
    return this.evaluate((one) => one.checked);
  }

  boundingBox() {
    return this.evaluate((one) => one.getBoundingClientRect().toJSON());
  }

  focus() {
    return this.evaluate((one) => one.focus());
  }

  scrollIntoViewIfNeeded() {
    return this.evaluate((one) => one.scrollIntoView({ block: 'center' }));
  }

  async click({ timeout } = {}) {
    // What moves between the two is missed, and tried again.
    for (let tries = 0; tries < 3; tries += 1) {
      const { x, y } = await this.until('it can be pressed', spot, null, timeout);
      await click(this.place, x, y);
      if (!(await this.place.evaluate(() => window.isMissed))) return;
    }
    throw new Error(`pressed three times in vain: ${JSON.stringify(this.steps)}`);
  }

  async check() {
    if (!(await this.isChecked())) await this.click();
  }

  async uncheck() {
    if (await this.isChecked()) await this.click();
  }

  async press(key) {
    await this.focus();
    await press(this.place, key);
  }

  selectOption(value) {
    return this.evaluate((one, value) => {
      one.value = value;
      for (const kind of ['input', 'change']) one.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
    }, value);
  }

  setInputFiles(given) {
    return this.evaluate(chooseFiles, filesAt(given));
  }

  dispatchEvent(kind, options = {}) {
    return this.evaluate((one, [kind, options]) => {
      const Kind = options.dataTransfer ? DragEvent : Event;
      one.dispatchEvent(new Kind(kind, { bubbles: true, cancelable: true, composed: true, ...options }));
    }, [kind, options]);
  }

  /** The window, with the element in it. */
  async screenshot({ path }) {
    await this.scrollIntoViewIfNeeded();
    await this.place.page.screenshot({ path });
  }
}
