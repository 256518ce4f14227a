import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AftersenseAbortError, AftersenseError, coreErrorCodes, errorFrom, failureFrom } from '../../web/errors.ts';

const header = readFileSync(new URL('../../src/core/error.h', import.meta.url), 'utf8');

describe('error codes', () => {
  test('are those of the C++ enum, in its order', () => {
    const body = /enum class ErrorCode[^{]*\{([^}]*)\}/.exec(header)?.[1] ?? '';
    const names = [...body.matchAll(/^\s*(\w+),/gm)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(0);
    expect([...coreErrorCodes]).toEqual(names);
  });

  test('are those of the C++ message table, in its order', () => {
    const table = /kErrorNames = \{([^}]*)\}/.exec(header)?.[1] ?? '';
    expect([...coreErrorCodes]).toEqual([...table.matchAll(/"(\w+)"/g)].map((match) => match[1]));
  });
});

describe('errors across a boundary', () => {
  test('keep code, message and stack', () => {
    const error = new AftersenseError('pack_corrupt', 'The table is odd.');
    const back = errorFrom(structuredClone(failureFrom(error)));
    expect(back).toBeInstanceOf(AftersenseError);
    expect(back).toMatchObject({ name: 'AftersenseError', code: 'pack_corrupt', message: 'The table is odd.', stack: error.stack });
  });

  test('of an unknown kind are internal, and still say what they were', () => {
    expect(errorFrom({ code: 'from_the_future', message: 'Hm.' })).toMatchObject({ code: 'internal', message: 'from_the_future: Hm.' });
    expect(failureFrom(new RangeError('too far'))).toMatchObject({ code: 'internal', message: 'RangeError: too far' });
    expect(failureFrom('thrown text')).toEqual({ code: 'internal', message: 'thrown text' });
  });

  test('an abort is named as the platform names it, with the reason as its cause', () => {
    const reason = new Error('typed on');
    const error = new AftersenseAbortError(reason);
    expect(error).toBeInstanceOf(AftersenseError);
    expect(error).toMatchObject({ name: 'AbortError', code: 'aborted', cause: reason });
  });
});
