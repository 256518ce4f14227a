/** Matrix products of ours, and the instruction that they are made of with its operands in registers. */
import { createBench } from './ours.js';
import { repeat } from './timing.js';

function timeOf(run) {
  const start = performance.now();
  const value = run();
  return { value, ms: performance.now() - start };
}

/** Operations in 10⁹ a second. */
const rateOf = (operations, ms) => operations / ms / 1e6;
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** A loop of one instruction, as a function that gives its rate; it runs about a millisecond. */
function createLoop(bench, instruction, chains) {
  let rounds = 1000;
  while (timeOf(() => bench.runPeak(instruction, chains, rounds)).ms < 1) rounds *= 2;
  return () => {
    const { value, ms } = timeOf(() => bench.runPeak(instruction, chains, rounds));
    return rateOf(value, ms);
  };
}

/**
 * GOP/s of `calls` turns for each number of `tokens`: of each of `shapes`, of all of them together, and of the loops of each instruction, the best of
 * its numbers of chains in every turn.
 */
export async function measureProducts({ variant, instructions, shapes, tokens, calls }) {
  const bench = await createBench(variant);
  const results = [];
  for (const count of tokens) {
    const products = shapes.map(([outputs, inputs]) => bench.Product.make(variant, outputs, inputs, count));
    const equal = products.every((product) => product.equalsScalar());
    const operations = products.map((product) => product.operations());
    const result = { tokens: count, equal, layer: [], shapes: shapes.map(() => []), peak: {} };
    const loops = {};
    for (const name of instructions) {
      result.peak[name] = [];
      loops[name] = [8, 10, 12].map((chains) => createLoop(bench, name, chains));
    }
    await repeat(calls, (_, counts) => {
      const spent = products.map((product) => timeOf(() => product.run()).ms);
      const peaks = instructions.map((name) => [name, Math.max(...loops[name].map((run) => run()))]);
      if (!counts) return;
      result.layer.push(rateOf(sum(operations), sum(spent)));
      for (const [i, ms] of spent.entries()) result.shapes[i].push(rateOf(operations[i], ms));
      for (const [name, rate] of peaks) result.peak[name].push(rate);
    });
    for (const product of products) product.delete();
    results.push(result);
  }
  return results;
}
