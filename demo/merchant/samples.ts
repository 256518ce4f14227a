/** Sample cases over twelve weeks, so that a newcomer sees a page at work. The same ones every time, counted back from today. */
import type { Aspect, Case, CaseEvent, CaseFile, OpenState, Party, Remedy, UrgencyLevel } from 'aftersense';
import { orderOf } from '../app/orders.ts';
import { products } from '../app/products.ts';
import { sampleTexts } from './sample-texts.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
const weeks = 12;
/** Older cases have been settled. */
const settledAfterDays = 9;

/** Cases a week: how many to expect ordinarily, and how many there are in the last complete one and the running one. */
interface Flow {
  readonly kind: Aspect;
  readonly skill: string;
  readonly remedies: readonly Remedy[];
  readonly usual: number;
  readonly late: number;
}

/** Deliveries go wrong of late. */
const flows: readonly Flow[] = [
  { kind: 'logistics', skill: 'logistics', remedies: ['reship', 'apology'], usual: 2.4, late: 12 },
  { kind: 'product_quality', skill: 'product', remedies: ['exchange', 'refund'], usual: 3, late: 3 },
  { kind: 'packaging', skill: 'logistics', remedies: ['reship', 'coupon'], usual: 1.8, late: 2 },
  { kind: 'as_described', skill: 'returns', remedies: ['refund'], usual: 1.2, late: 1 },
  { kind: 'performance', skill: 'repairs', remedies: ['repair', 'exchange'], usual: 1.1, late: 1 },
  { kind: 'refund_return', skill: 'returns', remedies: ['refund', 'call_back'], usual: 1.4, late: 2 },
  { kind: 'customer_service', skill: 'general', remedies: ['apology', 'coupon'], usual: 0.9, late: 1 },
  { kind: 'warranty_repair', skill: 'repairs', remedies: ['repair'], usual: 0.5, late: 1 },
  { kind: 'payment_account', skill: 'payments', remedies: ['refund'], usual: 0.5, late: 0 },
];

/** Mulberry32 (T. Ettinger, 2017): a number from 0 to below 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z ^= z + Math.imul(z ^ (z >>> 7), 61 | z);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(list: readonly T[], next: () => number): T => list[Math.floor(next() * list.length)] as T;

/** Knuth's draw from a Poisson distribution (TAOCP 2, 3.4.1). */
function poisson(mean: number, next: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count += 1;
  return count;
}

/** The Monday on which the week of `now` began, by the device's clock. */
function mondayOf(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.getTime() - ((day.getDay() + 6) % 7) * dayMs;
}

const hours = { collect: 48, mediate: 48, plan: 48, execute: 168, follow_up: 336 };
const terms: Case['terms'] = { hours: { P1: hours, P2: hours, P3: hours, P4: hours }, reopenDays: 30 };

type Told = CaseEvent extends infer E ? (E extends CaseEvent ? Omit<E, 'id'> : never) : never;

/** One more entry of a history, and what it changes. `import` replays it all, and would refuse what the workflow does not allow. */
function moved(known: Case, told: Told, at: number, change: Partial<Case> = {}): Case {
  const { state: from, version: before, history, enteredAt } = known;
  const to = change.state ?? from;
  const version = before + 1;
  const event = { ...told, id: `e${version}` } as CaseEvent;
  return {
    ...known,
    ...change,
    version,
    enteredAt: to === from ? enteredAt : at,
    history: [...history, { sequence: version, at, from, to, event }],
  };
}

function opened(number: number, { kind, skill, remedies }: Flow, at: number, next: () => number): Case {
  const product = pick(products, next);
  const order = orderOf(product.id)?.number;
  const text = pick(sampleTexts[kind] ?? [''], next);
  const roll = next();
  const priority: UrgencyLevel = roll < 0.05 ? 'P1' : roll < 0.3 ? 'P2' : roll < 0.9 ? 'P3' : 'P4';
  const facts = { text, kind, wish: remedies[0] as Remedy, ...(order && { order }), product: product.id };
  const event = { type: 'open', id: 'e1', by: 'shopper', facts, priority, skill, terms } as const;
  return {
    id: `S-${String(number).padStart(3, '0')}`,
    version: 1,
    state: 'collect',
    enteredAt: at,
    priority,
    skill,
    ...facts,
    proposal: [],
    steps: [],
    terms,
    history: [{ sequence: 1, at, to: 'collect', event }],
  };
}

/** Lets a case go its way, an event at a time, until it has come to `end` or to the present. */
function lived(first: Case, remedies: readonly Remedy[], end: OpenState | 'closed', now: number, next: () => number): Case {
  const steps = [{ id: 's1', title: first.text.charCodeAt(0) > 0x2e80 ? '联系顾客并安排' : 'Arrange it with the customer' }];
  const done = steps.map((step) => ({ ...step, done: true }));
  const shop = { by: 'agent' as Party };
  const shopper = { by: 'shopper' as Party };
  const way: readonly (readonly [Told, Partial<Case>])[] = [
    [{ type: 'submit', ...shopper }, { state: 'mediate' }],
    [{ type: 'propose', ...shop, remedies }, { proposal: remedies }],
    [{ type: 'agree', ...shopper }, { state: 'plan' }],
    [{ type: 'schedule', ...shop, steps }, { steps: steps.map((step) => ({ ...step, done: false })) }],
    [{ type: 'start', ...shop }, { state: 'execute' }],
    [{ type: 'finish_step', ...shop, step: 's1' }, { steps: done }],
    [{ type: 'complete', ...shop }, { state: 'follow_up' }],
    [{ type: 'confirm', ...shopper }, { state: 'closed' }],
  ];
  let known = first;
  let at = first.enteredAt;
  for (const [told, change] of way) {
    at += Math.floor((0.5 + 20 * next()) * hourMs);
    if (at > now || (known.state === end && change.state !== undefined)) break;
    known = moved(known, told, at, change);
  }
  return known;
}

/** The cases that are kept on this page's device as samples. */
export function sampleFile(now: number): CaseFile {
  const next = chance(20_251);
  const monday = mondayOf(now);
  const cases: Case[] = [];
  for (let week = -weeks; week <= 0; week++) {
    for (const flow of flows) {
      const count = week >= -1 ? flow.late : poisson(flow.usual, next);
      for (let i = 0; i < count; i++) {
        const at = Math.floor(monday + week * weekMs + next() * weekMs);
        const start = opened(cases.length + 1, flow, at, next);
        const end =
          at < now - settledAfterDays * dayMs ? 'closed' : pick(['mediate', 'plan', 'execute', 'follow_up', 'closed'] as const, next);
        if (at < now - hourMs) cases.push(lived(start, flow.remedies, end, now, next));
      }
    }
  }
  return { format: 'aftersense-cases', version: 1, exportedAt: new Date(now).toISOString(), cases };
}
