// Pure: what is made of measured values.

/** The value below which a share `q` of them lies, with linear interpolation between neighbours (Hyndman and Fan 1996, definition 7). */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Median and spread. */
export function summarize(values) {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new Error(`Not measured: ${values.join(', ') || 'nothing'}`);
  const [p25, median, p75, p95] = [0.25, 0.5, 0.75, 0.95].map((q) => quantile(values, q));
  return { median, p25, p75, p95, least: Math.min(...values), calls: values.length };
}

/** Units in which more is better; of all others (ms, bytes) less is. */
const rates = new Set(['GOP/s', 'reviews/s']);

/** The row of one measurement. `ours` and `peer` are values of single calls, or one number; without a peer there is no ratio. */
export function toRow({ name, unit, ours, peer, peerName, bar, note }) {
  const [our, their] = [ours, peer].map((values) => (values === undefined ? undefined : summarize([values].flat())));
  const row = { name, unit, ours: our.median };
  if (our.calls > 1) row.oursSpread = our;
  if (their) {
    Object.assign(row, { peer: their.median, peerName });
    if (their.calls > 1) row.peerSpread = their;
    // How many times better ours is.
    row.ratio = rates.has(unit) ? our.median / their.median : their.median / our.median;
  }
  if (bar !== undefined) Object.assign(row, { bar, passed: meets(row, bar) });
  if (note) row.note = note;
  return row;
}

/** A bar is `{ ratio }`, the least, or `{ ours }`, the most that ours may be. */
const meets = (row, bar) => ('ratio' in bar ? row.ratio >= bar.ratio : row.ours <= bar.ours);
