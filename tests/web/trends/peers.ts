/** Other mechanisms, to measure ours against: each gives, for devices with these values, unbiased estimates of how many have each value. */
import { type Mechanism, mechanismFor, pickRates, randomise } from '../../../web/trends/mechanism.ts';
import { type Draw, drawsFrom } from '../../../web/trends/random.ts';

export type Peer = (devices: readonly number[], values: number, epsilon: number, word: () => number) => number[];

function tell({ mechanism, draw }: { readonly mechanism: Mechanism; readonly draw: Draw }, devices: readonly number[]): number[] {
  const { mine, others } = pickRates(mechanism);
  const picked = new Array<number>(mechanism.values).fill(0);
  for (const value of devices) for (const pick of randomise(mechanism, value, draw)) picked[pick] = (picked[pick] as number) + 1;
  return picked.map((count) => (count - devices.length * others) / (mine - others));
}

/** What ships. */
export const subset: Peer = (devices, values, epsilon, word) =>
  tell({ mechanism: mechanismFor(epsilon, values), draw: drawsFrom(word) }, devices);

/** k-ary randomised response. */
export const kary: Peer = (devices, values, epsilon, word) =>
  tell({ mechanism: { ...mechanismFor(epsilon, values), picks: 1 }, draw: drawsFrom(word) }, devices);

/** A bit a value, each by chance: 1 stays 1 with `keep`, 0 becomes 1 with `raise`. */
function unary(devices: readonly number[], values: number, keep: number, raise: number, word: () => number): number[] {
  const ones = new Array<number>(values).fill(0);
  for (const value of devices) {
    for (let i = 0; i < values; i++) if (word() / 2 ** 32 < (i === value ? keep : raise)) ones[i] = (ones[i] as number) + 1;
  }
  return ones.map((count) => (count - devices.length * raise) / (keep - raise));
}

/** Symmetric unary encoding (basic RAPPOR): both bits that differ between two devices are kept with the same chance. */
export const symmetric: Peer = (devices, values, epsilon, word) => {
  const keep = Math.exp(epsilon / 2) / (Math.exp(epsilon / 2) + 1);
  return unary(devices, values, keep, 1 - keep, word);
};

/** Optimised unary encoding (Wang et al., USENIX Security 2017). */
export const optimised: Peer = (devices, values, epsilon, word) => unary(devices, values, 0.5, 1 / (Math.exp(epsilon) + 1), word);

/** Discrete Laplace noise (Ghosh, Roughgarden, Sundararajan 2009) on the counts of a device, one in all: two of them differ between two devices. */
export const laplace: Peer = (devices, values, epsilon, word) => {
  const step = -epsilon / 2;
  const geometric = () => Math.floor(Math.log((word() + 1) / 2 ** 32) / step);
  const sums = new Array<number>(values).fill(0);
  for (const value of devices) {
    for (let i = 0; i < values; i++) sums[i] = (sums[i] as number) + Number(i === value) + geometric() - geometric();
  }
  return sums;
};
