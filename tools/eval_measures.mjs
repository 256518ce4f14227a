// The measures of `npm run eval`. Pure functions of truths and guesses.

const sentiments = ['negative', 'neutral', 'positive'];

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const f1 = ({ hits, guessed, wanted }) => (guessed + wanted === 0 ? 0 : (2 * hits) / (guessed + wanted));

/** For each value, its place in ascending order, counted from 1; equal values share the mean of their places. */
function ranks(values) {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const places = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) places[order[i]] = (start + end + 1) / 2;
    start = end;
  }
  return [...places];
}

/** The share of pairs (positive row, negative row) that the scores put in order; ties count half (Mann and Whitney 1947). */
export function areaUnderCurve(scores, isPositive) {
  const places = ranks(scores);
  const positives = isPositive.filter(Boolean).length;
  const negatives = scores.length - positives;
  const rankSum = isPositive.reduce((sum, positive, i) => sum + (positive ? places[i] : 0), 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Spearman's rank correlation: Pearson's of the ranks. */
export function spearman(a, b) {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length + 1) / 2;
  const product = (u, v) => u.reduce((sum, value, i) => sum + (value - middle) * (v[i] - middle), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

/** The mean F1 over the classes that the truth has. */
export function macroF1(truth, guesses) {
  const classes = [...new Set(truth)];
  return mean(
    classes.map((label) =>
      f1({
        hits: truth.filter((value, i) => value === label && guesses[i] === label).length,
        guessed: guesses.filter((value) => value === label).length,
        wanted: truth.filter((value) => value === label).length,
      }),
    ),
  );
}

/** One label a row. A guess may be undefined: that is wrong. */
export const measureChoice = (truth, guesses) => ({
  rows: truth.length,
  accuracy: mean(truth.map((label, i) => Number(label === guesses[i]))),
  macroF1: macroF1(truth, guesses),
});

/**
 * Any number of labels a row. A truth is `{ id: 0 | 1 }`; ids that it does not name are unknown, and guesses of them do not count.
 * Accuracy is the share of rows whose known ids are all right; the macro-F1 is over the ids that the truth has.
 */
export function measureMarks(truths, guesses) {
  const counts = new Map();
  const right = truths.map((truth, i) => {
    let allRight = true;
    for (const [id, wanted] of Object.entries(truth)) {
      const guessed = Number(guesses[i].has(id));
      const count = counts.get(id) ?? { hits: 0, guessed: 0, wanted: 0 };
      counts.set(id, { hits: count.hits + guessed * wanted, guessed: count.guessed + guessed, wanted: count.wanted + wanted });
      allRight &&= guessed === wanted;
    }
    return Number(allRight);
  });
  const all = [...counts.values()];
  const total = (key) => all.reduce((sum, count) => sum + count[key], 0);
  return {
    rows: truths.length,
    accuracy: mean(right),
    microF1: f1({ hits: total('hits'), guessed: total('guessed'), wanted: total('wanted') }),
    macroF1: mean(all.filter(({ wanted }) => wanted > 0).map(f1)),
  };
}

/** Yes or no, by a probability: yes from one half on. */
export function measureFlag(truth, scores) {
  const guesses = scores.map((score) => score >= 0.5);
  const hits = truth.filter((wanted, i) => wanted && guesses[i]).length;
  return {
    rows: truth.length,
    accuracy: mean(truth.map((wanted, i) => Number(wanted === guesses[i]))),
    f1: f1({ hits, guessed: guesses.filter(Boolean).length, wanted: truth.filter(Boolean).length }),
    auc: areaUnderCurve(scores, truth),
  };
}

/**
 * Sentiment: rows `{ label, scores }`, label 0 negative, 1 neutral, 2 positive. A set without neutral rows is judged between negative
 * and positive only. `auc` and `binaryAccuracy` leave neutral rows out: they tell how well the other two are kept apart.
 */
export function measureSentiment(rows) {
  const binary = rows.every(({ label }) => label !== 1);
  const polar = ({ negative, positive }) => (positive > negative ? 2 : 0);
  const argmax = (scores) => sentiments.reduce((best, name, i) => (scores[name] > scores[sentiments[best]] ? i : best), 0);
  const guesses = rows.map(({ scores }) => (binary ? polar(scores) : argmax(scores)));
  const clear = rows.filter(({ label }) => label !== 1);
  return {
    ...measureChoice(
      rows.map(({ label }) => label),
      guesses,
    ),
    auc: areaUnderCurve(
      clear.map(({ scores }) => scores.positive / (scores.positive + scores.negative || 1)),
      clear.map(({ label }) => label === 2),
    ),
    binaryAccuracy: mean(clear.map(({ label, scores }) => Number(label === polar(scores)))),
  };
}

export const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** For each query, how many candidates are nearer than the right one, which stands at the place in `right`. */
export function retrievalRanks(queries, candidates, right) {
  return queries.map((query, i) => {
    const likeness = candidates.map((candidate) => dot(query, candidate));
    return likeness.filter((value) => value > likeness[right[i]]).length;
  });
}

export const recallAt = (places, k) => mean(places.map((place) => Number(place < k)));
