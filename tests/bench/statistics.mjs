// Medians, quartiles, and how sure a ratio of medians is.

/** The value below which a share of `values` lies, between neighbours in proportion. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

export const median = (values) => quantile(values, 0.5);

/** Count, median, quartiles and least of some milliseconds. */
export const summary = (values) => ({
  count: values.length,
  median: median(values),
  quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
  least: Math.min(...values),
});

/**
 * The ratio of the medians of paired values, with the interval that holds 95 of 100 resamplings of
 * the pairs. A fixed seed: the same values give the same interval.
 */
export function ratio(ours, theirs, resamplings = 2000) {
  const next = generator(5);
  const found = [];
  for (let index = 0; index < resamplings; index += 1) {
    const pairs = ours.map(() => Math.floor(next() * ours.length));
    found.push(median(pairs.map((pair) => ours[pair])) / median(pairs.map((pair) => theirs[pair])));
  }
  return { ratio: median(ours) / median(theirs), interval: [quantile(found, 0.025), quantile(found, 0.975)] };
}

/** Numbers from 0 to below 1 (mulberry32). */
export function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
