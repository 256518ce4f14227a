/** Entities and hand-off of the built module: what is personal in a text is found, and taken out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aftersense, createAftersense, handOff, openCases } from '../../dist/index.js';
// @ts-expect-error: a tool without types
import { redactionFigures } from '../../tools/eval_redaction.mjs';

let desk: Aftersense;
beforeAll(async () => {
  desk = await createAftersense({ worker: false, model: 'lite', variant: 'simd128' });
});
afterAll(() => desk.dispose());

/** The words of a text's entities, by kind. */
async function marked(text: string) {
  const { entities } = await desk.analyze(text);
  return entities.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
}

describe('entities', () => {
  test('have offsets of the text as given, whatever stands before them', async () => {
    expect(await marked('😀 <b>Ｏｒｄｅｒ</b> no. １２３４５６７, https://example.com/a 😀 tom@example.com')).toEqual([
      ['order_id', '１２３４５６７'],
      ['url', 'https://example.com/a'],
      ['email', 'tom@example.com'],
    ]);
  });

  test.each([
    ['another language', 'Позвоните мне: +49 151 49722133, пожалуйста, товар сломан', 'phone', '+49 151 49722133'],
    ['nothing to judge', '13812345678', 'phone', '13812345678'],
  ])('are found where there is %s', async (_, text, kind, words) => {
    expect(await marked(text)).toEqual([[kind, words]]);
  });

  test('are found in the part of a long text that no model reads', async () => {
    const text = `${'质量很好。'.repeat(2000)}电话13812345678。${'物流很快。'.repeat(2000)}`;
    const { truncated, entities } = await desk.analyze(text);
    expect(truncated).toBe(true);
    expect(entities.map(({ start, end }) => text.slice(start, end))).toEqual(['13812345678']);
  });
});

describe('on texts made for it, of which a third has nothing personal', () => {
  test.each(['zh', 'en'])('%s: nearly all is found, and little else', async (language) => {
    const { rows, recall, precision, faults } = (await redactionFigures(desk))[language];
    expect(rows).toBeGreaterThanOrEqual(1000);
    expect(recall, faults.join('\n')).toBeGreaterThanOrEqual(0.99);
    expect(precision, faults.join('\n')).toBeGreaterThanOrEqual(0.97);
  });
});

describe('a hand-off', () => {
  test('takes out what analyze marks', async () => {
    const cases = openCases();
    const text = '我叫王小明，电话138 1234 5678，订单号202403051234567，三天没发货，请寄到浙江省杭州市西湖区文三路478号';
    const { case: opened } = await cases.open({ text, kind: 'logistics', wish: 'refund' });
    const { packet, preview } = await handOff(opened, { analyze: desk.analyze });
    expect(packet.text).toBe('我叫[name]，电话[phone]，订单号[order_id]，三天没发货，请寄到[address]');
    expect(packet.redacted).toEqual({ name: 1, phone: 1, order_id: 1, address: 1 });
    expect(preview).not.toMatch(/王小明|138|2024030|文三路/);
    const kept = await handOff(opened, { analyze: desk.analyze, keep: ['order_id'] });
    expect(kept.packet.text).toContain('订单号202403051234567');
  });
});
