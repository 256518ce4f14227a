/** Integers by chance, exactly uniform: noise from floating-point numbers gives secrets away in their last bits (Mironov 2012). */

/** An integer from 0 to `bound` − 1, each as likely; `bound` ≤ 2³². */
export type Draw = (bound: number) => number;

const words = 2 ** 32;

/** Draws from a source of unsigned 32-bit integers. */
export function drawsFrom(word: () => number): Draw {
  return (bound) => {
    // What lies above the largest multiple of the bound would make small integers likelier: it is drawn again.
    const limit = words - (words % bound);
    for (;;) {
      const drawn = word();
      if (drawn < limit) return drawn % bound;
    }
  };
}

export const secureDraw: Draw = drawsFrom(() => crypto.getRandomValues(new Uint32Array(1))[0] as number);
