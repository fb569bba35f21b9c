// Values to try things with, the same ones in every run.

/** Draws from a stream that `seed` begins (mulberry32). */
export function random(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  const pick = (list) => list[below(list.length)];
  const WORDS = ['moue', 'type', 'hello', 'start', 'export', 'format', 'csv', 'json', '', '0', '__proto__', 'constructor', 'length', 'faces', 'shared', '\u0000', '\ud800', '名前'];
  const word = () => (next() < 0.7 ? pick(WORDS) : String.fromCharCode(...Array.from({ length: below(12) }, () => below(0xffff))));
  const leaf = () => pick([null, true, false, 0, -0, 1, 1.5, -1e308, NaN, Infinity, word(), word()]);

  /** Anything of JSON, and the numbers that JSON has not. */
  function value(depth = 4) {
    if (depth === 0 || next() < 0.3) return leaf();
    if (next() < 0.3) return Array.from({ length: below(4) }, () => value(depth - 1));
    const pairs = Array.from({ length: below(5) }, () => [word(), value(depth - 1)]);
    return Object.fromEntries(pairs);
  }

  /** `object` with up to two things wrong. */
  function almost(object) {
    const changed = { ...object };
    for (let n = below(3); n > 0; n -= 1) {
      const name = pick(Object.keys(object));
      if (next() < 0.3) delete changed[name];
      else changed[name] = value(2);
    }
    return next() < 0.05 ? [changed] : changed;
  }

  function almostOrigins() {
    const part = () => pick(['https://', 'http://', 'localhost', '127.0.0.1', 'school.example', '*', ':8443', ':99999', '/', '?', '#', '@', ' ', '[::1]', 'null', '%', 'x'.repeat(below(200)), word()]);
    return Array.from({ length: 1 + below(6) }, part).join('');
  }

  function query(names) {
    const values = ['game', 'research', 'en', 'cpu', 'true', '3', '0.2', 'image', 'medical'];
    const side = () => (next() < 0.6 ? pick(values) : pick([encodeURIComponent(word().replace(/[\ud800-\udfff]/g, '')), '%', '%zz', '&', '<script>', '1e9']));
    return `?${Array.from({ length: below(5) }, () => `${pick([...names, 'x', '__proto__', 'toString'])}=${side()}`).join('&')}`;
  }

  return { next, below, pick, value, almost, almostOrigins, query };
}
