import { describe, expect, test } from 'vitest';
import { checkForesight, ForesightError } from '../../../web/foresight/check.ts';
import { foresee } from '../../../web/foresight/foresee.ts';
import { golden, small } from './support.ts';

/** A copy of `small` with something else at a path. */
function changed(path: string, value: unknown): unknown {
  const model = structuredClone(small) as unknown as Record<string, unknown>;
  const keys = path.split('/').slice(1);
  const last = keys.pop() as string;
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, model);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return model;
}

const errorOf = (value: unknown): ForesightError => {
  try {
    checkForesight(value);
  } catch (error) {
    if (error instanceof ForesightError) return error;
    throw error;
  }
  throw new Error('It was taken for a model.');
};

describe('a foresight model', () => {
  test('as training writes it is one', () => expect(checkForesight(golden.model)).toEqual(golden.model));

  test('is checked once, as a frozen copy', () => {
    const original = structuredClone(small) as { base_rate: number };
    const model = checkForesight(original);
    original.base_rate = 7;
    expect(foresee(model, {}).baseRate).toBe(0.2);
    expect(Object.isFrozen(model.features[0])).toBe(true);
    expect(() => {
      (model.features[2] as unknown as { weights: number[] }).weights[0] = 9;
    }).toThrow(TypeError);
  });

  test.each([
    ['/version', 2],
    ['/version', undefined],
    ['/trained', ''],
    ['/rows', -1],
    ['/base_rate', 0],
    ['/base_rate', 1],
    ['/base_rate', '0.2'],
    ['/intercept', Number.NaN],
    ['/intercept', 1e300],
    ['/extra', 1],
    ['/features', {}],
    ['/features/0/kind', 'tree'],
    ['/features/0/name', ''],
    ['/features/0/weight', null],
    ['/features/0/parent', 'product_id'],
    ['/features/0/rates/shoes', 1],
    ['/features/0/rates/a~1b~0c', 0],
    ['/features/0/colour', 'red'],
    ['/features/1/parent', undefined],
    ['/features/1/parent', 'faq_visits'],
    ['/features/1/rates', null],
    ['/features/1/name', 'category'],
    ['/features/2/edges/1', 1],
    ['/features/2/edges/0', 'one'],
    ['/features/2/weights', [0, 1]],
    ['/features/2/weights/1', Number.POSITIVE_INFINITY],
    ['/features/2/missing', undefined],
    ['/validation/by', 'chance'],
    ['/validation/auc', 1.5],
    ['/validation/reliability/0/found', 2],
  ])('with %s as %j is none, and the error says where', (path, value) => {
    const key = path.replace('~1', '/').replace('~0', '~');
    const model = path.includes('~') ? changed('/features/0/rates', { 'a/b~c': value }) : changed(path, value);
    const error = errorOf(model);
    expect(error, key).toMatchObject({ code: 'foresight_invalid', path });
    expect(error.message).toContain(path);
  });

  test.each([[null], [undefined], ['{}'], [[]], [{ ...small, trained: () => 1 }]])('%j is none', (value) => {
    expect(errorOf(value).code).toBe('foresight_invalid');
  });

  test('is checked by foresee too', () => {
    expect(() => foresee({ ...small, version: 3 } as never, {})).toThrow(ForesightError);
  });
});
