/** What this shop promises, for the slots of its answers: by slot, or by `answer.slot` where the number differs. */
import type { SlotValue } from 'aftersense';
import { language } from './language.ts';

const yuan = (amount: number): SlotValue => ({ amount, currency: 'CNY' });

const facts: Readonly<Record<string, SlotValue>> = {
  cutoff: '16:00',
  open_time: '09:00',
  close_time: '21:00',
  shop_phone: '400 820 0417',
  default_carrier: 'SF Express',
  'ans_002.hours': 48,
  'ans_010.hours': 24,
  'ans_011.fee': yuan(12),
  'ans_015.amount': yuan(199),
  'ans_015.fee': yuan(10),
  'ans_016.days': '7–12',
  'ans_039.warranty_months': 24,
  'ans_039.part_months': 36,
  'ans_040.days': 30,
  'ans_044.days': 30,
  'ans_047.amount': yuan(15),
  'ans_051.fee': yuan(12),
  'ans_052.days': 3,
  card_days: 7,
  paypal_days: 5,
  'ans_066.hours': 24,
  'ans_066.months': 12,
  'ans_067.days': 5,
  'ans_109.hours': 2,
};

const worded = {
  zh: { 'ans_016.countries': '日本、韩国和新加坡', 'ans_040.address': '杭州市余杭区半亩工坊退货部' },
  en: { 'ans_016.countries': 'Japan, Korea and Singapore', 'ans_040.address': 'Halfacre workshop, returns, Yuhang, Hangzhou' },
} as const;

export const shopFacts = (): Readonly<Record<string, SlotValue>> => ({ ...facts, ...worded[language()] });
