import { describe, expect, test } from 'vitest';
import { readableReasons } from '../../../web/element/shared_words.ts';

describe('shared terms', () => {
  const kettle = {
    telling: ['pour-over', 'coffee', 'Gooseneck kettle'],
    names: ['Ember & Rye', 'Small electronics'],
    rest: 'Ready in an hour.',
  };

  test('in Chinese are joined to the words they are parts of, and single characters are left out', () => {
    const bottle = { telling: ['水壶', '不锈钢', '细口手冲壶'], names: ['麦烬'], rest: '保温一小时' };
    expect(readableReasons(['不锈', '锈', '锈钢', '钢', '水壶'], bottle, 3)).toEqual(['水壶', '不锈钢']);
    expect(readableReasons(['麦烬', '保温'], bottle, 3)).toEqual(['麦烬']);
    expect(readableReasons(['钢', '壶'], bottle, 3)).toEqual([]);
  });

  test('in English are written as the product writes them, brands and categories whole, each once', () => {
    expect(readableReasons(['pour', 'over', 'electronic', 'small'], kettle, 3)).toEqual(['pour-over', 'Small electronics']);
    expect(readableReasons(['rye', 'hour', 'kettle'], kettle, 3)).toEqual(['kettle', 'Ember & Rye']);
    expect(readableReasons(['hour'], kettle, 3)).toEqual(['hour']);
    expect(readableReasons(['pour', 'coffee', 'kettle', 'ember'], kettle, 2)).toEqual(['pour-over', 'coffee']);
  });
});
