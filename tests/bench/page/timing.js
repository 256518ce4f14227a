/** Until then engines compile the parts that run most once more, which makes them several times as fast. */
const warmUpMs = 1500;

/**
 * Runs a function `calls` times, after so many times that do not count: five, and more until they have taken warmUpMs together. It is told the
 * number of the round, and whether it counts.
 */
export async function repeat(calls, run) {
  const start = performance.now();
  let round = 0;
  while (round < 5 || performance.now() - start < warmUpMs) await run(round++, false);
  for (let i = 0; i < calls; i++) await run(round++, true);
}

/** Milliseconds of the `calls` calls of each of `subjects`, by name. They take turns, and who begins moves on. */
export async function takeTurns(subjects, calls) {
  const names = Object.keys(subjects);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  await repeat(calls, async (round, counts) => {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      const start = performance.now();
      await subjects[name]();
      const end = performance.now();
      if (counts) times[name].push(end - start);
    }
  });
  return times;
}
