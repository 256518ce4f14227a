/** Corrections over the built module with the shipped models. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Aftersense, type Analysis, createAftersense } from '../../../dist/index.js';

const complaint = '物流太慢，盒子都破了，我要退款！';
const again = '您好，物流太慢，盒子都破了，我要退款！谢谢';
const others = ['Great quality, I love it!', 'Can I change the delivery address of my order?', '发票什么时候能开？', ''];
const texts = [complaint, again, ...others];

let desk: Aftersense;
let shipped: Analysis[];
beforeAll(async () => {
  desk = await createAftersense({ worker: false, model: 'base' });
  shipped = await desk.analyze(texts, { explain: true });
});
afterAll(() => desk.dispose());

test('a correction moves the text and its like, and no other; switched off or undone, all is as shipped', async () => {
  const intent = shipped[0]?.intent?.label === 'request_refund' ? 'request_exchange' : 'request_refund';
  const { correction } = await desk.corrections.add({ text: complaint, verdict: 'intent', label: intent, by: 'agent' });
  expect(correction.read).toMatchObject({
    label: shipped[0]?.intent?.label,
    tier: 'base',
    model: expect.stringContaining('aftersense-base'),
  });
  const adapted = await desk.analyze(texts, { explain: true });
  for (const analysis of adapted.slice(0, 2)) expect(analysis).toMatchObject({ adapted: true, intent: { label: intent, adapted: true } });
  expect(adapted.slice(2)).toEqual(shipped.slice(2));
  desk.corrections.enabled = false;
  expect(await desk.analyze(texts, { explain: true })).toEqual(shipped);
  desk.corrections.enabled = true;
  expect(await desk.analyze(texts, { explain: true })).toEqual(adapted);
  expect(await desk.corrections.undo(correction.id)).toBe(true);
  expect(await desk.analyze(texts, { explain: true })).toEqual(shipped);
});

test('options are checked before anything is loaded', async () => {
  for (const corrections of [{ database: 5 }, { enabled: 'no' }, { now: 0 }])
    await expect(createAftersense({ corrections } as never)).rejects.toMatchObject({ code: 'invalid_argument' });
});
