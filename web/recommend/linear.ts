/** Symmetric positive definite systems of a shopper's size: 64 unknowns at most. */

/** Solves A x = b by Cholesky; `a` is row by row, and is overwritten. NaN in the answer where A is not positive definite. */
export function solve(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = a[row * size + column] as number;
      for (let k = 0; k < column; k++) sum -= (a[row * size + k] as number) * (a[column * size + k] as number);
      a[row * size + column] = row === column ? Math.sqrt(sum) : sum / (a[column * size + column] as number);
    }
    let known = x[row] as number;
    for (let k = 0; k < row; k++) known -= (a[row * size + k] as number) * (x[k] as number);
    x[row] = known / (a[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let known = x[row] as number;
    for (let k = row + 1; k < size; k++) known -= (a[k * size + row] as number) * (x[k] as number);
    x[row] = known / (a[row * size + row] as number);
  }
  return x;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** A += weight · v vᵀ, row by row. */
export function addOuter(a: Float64Array, v: ArrayLike<number>, weight: number): void {
  const size = v.length;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      a[row * size + column] = (a[row * size + column] as number) + weight * (v[row] as number) * (v[column] as number);
}
