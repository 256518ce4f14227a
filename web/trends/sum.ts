/** Reports of many devices, added up and freed from what chance put in. Memory: the ids, about 100 bytes a report. */
import { pickRates } from './mechanism.ts';
import { mechanismOf, none } from './report.ts';
import type { ReportEstimate, TrendReport } from './types.ts';

/** Of the normal distribution: 95 % lie within. */
const z95 = 1.959964;

interface Group {
  readonly example: TrendReport;
  /** How often each of kinds, and `none`, was picked. */
  readonly picked: number[];
  reports: number;
}

export class ReportSum {
  readonly #ids = new Set<string>();
  readonly #groups = new Map<string, Group>();

  /** Reports asked with other settings, or of other periods, are summed apart. Returns false for one that was there before. */
  add(report: TrendReport): boolean {
    const { id, mechanism, epsilon, period, start, kinds, picks } = report;
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const key = JSON.stringify([start, period, mechanism, epsilon, kinds]);
    const group = this.#groups.get(key) ?? { example: report, picked: new Array<number>(kinds.length + 1).fill(0), reports: 0 };
    this.#groups.set(key, group);
    group.reports += 1;
    for (const pick of picks) {
      const place = pick === none ? kinds.length : kinds.indexOf(pick);
      group.picked[place] = (group.picked[place] as number) + 1;
    }
    return true;
  }

  /** By their periods, oldest first. */
  estimates(): ReportEstimate[] {
    return [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => estimateOf(group));
  }
}

/**
 * Of n devices, N with the value pick it with chance `mine` and the others with `others`, so the picks P are N·mine + (n − N)·others on
 * average, hence N ≈ (P − n·others) / (mine − others). The devices choose independently: the variance of P is
 * N·mine·(1 − mine) + (n − N)·others·(1 − others), taken at the estimate of N.
 */
function estimateOf({ example, picked, reports }: Group): ReportEstimate {
  const { mechanism, epsilon, period, start, kinds } = example;
  const { mine, others } = pickRates(mechanismOf(example));
  const all = [...kinds, none].map((kind, place) => {
    const estimate = ((picked[place] as number) - reports * others) / (mine - others);
    const within = Math.min(reports, Math.max(0, estimate));
    const variance = within * mine * (1 - mine) + (reports - within) * others * (1 - others);
    const standardError = Math.sqrt(variance) / (mine - others);
    return { kind, estimate, standardError, low: estimate - z95 * standardError, high: estimate + z95 * standardError };
  });
  return { mechanism, epsilon, period, start, reports, kinds: all };
}
