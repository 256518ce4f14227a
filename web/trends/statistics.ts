/** The exact test behind a verdict. No special functions: counts are small enough to add up the binomial distribution itself. */

/** P(X ≤ k) and P(X ≥ k) of a binomial X. */
export interface Tails {
  readonly atMost: number;
  readonly atLeast: number;
}

/**
 * Of X ~ Bin(n, p), 0 < p < 1. Probabilities relative to that of the mode, by the ratio of neighbours
 * P(j + 1) / P(j) = (n − j) / (j + 1) · p / (1 − p), from the mode outwards until they are too small to count. All terms are positive, so
 * small tails keep their leading digits.
 */
export function binomialTails(k: number, n: number, p: number): Tails {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  let below = 0;
  let above = 0;
  let own = 0;
  const add = (j: number, weight: number) => {
    if (j < k) below += weight;
    else if (j > k) above += weight;
    else own = weight;
  };
  add(mode, 1);
  for (let j = mode, weight = 1; j < n && weight > 0; j++) {
    weight *= ((n - j) / (j + 1)) * odds;
    add(j + 1, weight);
  }
  for (let j = mode, weight = 1; j > 0 && weight > 0; j--) {
    weight *= j / (n - j + 1) / odds;
    add(j - 1, weight);
  }
  const total = below + own + above;
  return { atMost: (below + own) / total, atLeast: (above + own) / total };
}

/**
 * Two Poisson counts compared, given their sum n: where the rates are equal, `recent` ~ Bin(n, share), `share` being the recent span's part of
 * the time (Przyborowski and Wilenski 1940). Two-sided by doubling the smaller tail ("central": Fay 2010).
 */
export function compareCounts(recent: number, earlier: number, share: number): number {
  const { atMost, atLeast } = binomialTails(recent, recent + earlier, share);
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

/** The p at which `tail`, which rises with it, comes to `level`. */
function solve(tail: (p: number) => number, level: number): number {
  let low = 0;
  let high = 1;
  // Halved until no number lies between.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (tail(middle) < level) low = middle;
    else high = middle;
  }
}

/** The interval that belongs to the test: of the probability behind k of n, with confidence 1 − alpha (Clopper and Pearson 1934). n ≥ 1. */
export function probabilityInterval(k: number, n: number, alpha = 0.05): { readonly low: number; readonly high: number } {
  return {
    low: k === 0 ? 0 : solve((p) => binomialTails(k, n, p).atLeast, alpha / 2),
    high: k === n ? 1 : solve((p) => 1 - binomialTails(k, n, p).atMost, 1 - alpha / 2),
  };
}

/** p-values adjusted for their number, in their order: those ≤ q have a false discovery rate ≤ q (Benjamini and Hochberg 1995). */
export function adjust(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number));
  const adjusted = new Array<number>(values.length);
  let least = 1;
  for (const [place, i] of order.entries()) {
    least = Math.min(least, ((values[i] as number) * values.length) / (values.length - place));
    adjusted[i] = least;
  }
  return adjusted;
}
