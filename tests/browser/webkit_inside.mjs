// What webkit_page.mjs runs in the page: each function is sent as its text, so it stands alone.

/** The elements that `steps` lead to, through open shadow roots. A step's CSS has no combinators but a space. */
export function find(steps) {
  const parent = (element) => element.parentElement ?? element.getRootNode().host;
  const below = (root) => [...(root.shadowRoot ? below(root.shadowRoot) : []), ...[...root.children].flatMap((child) => [child, ...below(child)])];
  const fits = (element, parts) => {
    let left = parts.length - 1;
    if (!element.matches(parts[left])) return false;
    for (let above = parent(element); above && left > 0; above = parent(above)) if (above.matches(parts[left - 1])) left -= 1;
    return left === 0;
  };
  const text = (element) => element.textContent.replace(/\s+/g, ' ').trim().toLowerCase();
  const holds = (element, words) => text(element).includes(words.toLowerCase());
  const from = (roots, steps) => steps.reduce(step, roots);
  const step = (found, { css, nth, text: words, hasText, pattern, has }) => {
    if (css) {
      const choices = css.split(', ').map((one) => one.split(' '));
      return found.flatMap(below).filter((element) => choices.some((parts) => fits(element, parts)));
    }
    if (nth !== undefined) return found.slice(nth, nth + 1 || undefined);
    if (hasText) return found.filter((element) => holds(element, hasText));
    if (pattern) return found.filter((element) => new RegExp(pattern).test(text(element)));
    if (has) return found.filter((element) => from([element], has).length > 0);
    const inside = found.flatMap(below).filter((element) => !element.matches('script, style') && holds(element, words));
    return inside.filter((element) => ![...element.children].some((child) => holds(child, words)));
  };
  return from([document], steps);
}

export function isVisible(element) {
  const { visibility, display } = getComputedStyle(element);
  if (visibility !== 'visible' || !element.checkVisibility()) return false;
  const { width, height } = element.getBoundingClientRect();
  return display === 'contents' || (width > 0 && height > 0);
}

/** Where to press, once the first of `all` is seen, enabled, stands still and nothing covers it. */
export async function spot([one], _, isVisible) {
  if (!one || !isVisible(one) || one.matches(':disabled')) return null;
  const { top, bottom, left, right } = one.getBoundingClientRect();
  if (top < 0 || left < 0 || bottom > innerHeight || right > innerWidth) one.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  const place = () => {
    const { left, top, width, height } = one.getClientRects()[0] ?? one.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  const { x, y } = place();
  await new Promise((resolve) => setTimeout(resolve, 40));
  if (x !== place().x || y !== place().y) return null;
  let hit = document.elementFromPoint(x, y);
  for (let inner = hit; inner && (inner = inner.shadowRoot?.elementFromPoint(x, y)) && inner !== hit; ) hit = inner;
  const isFree = hit && (one.contains(hit) || hit.contains(one) || one.labels?.[0]?.contains(hit));
  if (!isFree) return null;
  window.isMissed = true;
  one.addEventListener('click', () => (window.isMissed = false), { capture: true, once: true });
  return { x, y };
}

/** For `JSON.stringify`: numbers that JSON has not. */
export function plain(key, value) {
  return typeof value === 'number' && !Number.isFinite(value) ? { notFinite: String(value) } : value;
}

/** An argument with what `evaluateHandle` kept in place of its handles. */
export function revive(value) {
  if (value === null || typeof value !== 'object') return value;
  if ('handle' in value) return window.handles[value.handle];
  for (const key of Object.keys(value)) value[key] = revive(value[key]);
  return value;
}

/** Tells the window of every worker that starts or is ended by its page. */
export function tellWorkers() {
  const ids = new WeakMap();
  const tell = (worker, url) => window.webkit.messageHandlers.workers.postMessage(JSON.stringify({ id: ids.get(worker), url }));
  globalThis.Worker = new Proxy(Worker, {
    construct(Worker, given, Kind) {
      const worker = Reflect.construct(Worker, given, Kind);
      ids.set(worker, crypto.getRandomValues(new Uint32Array(1))[0]);
      tell(worker, new URL(given[0], location).href);
      return worker;
    },
  });
  const { terminate } = Worker.prototype;
  Worker.prototype.terminate = function () {
    tell(this);
    terminate.call(this);
  };
}
