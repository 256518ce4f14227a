/** The profile over a shelf that fails on demand; over the real IndexedDB: tests/browser/profile.test.ts. */
import { beforeEach, describe, expect, test } from 'vitest';
import { AftersenseError } from '../../../web/errors.ts';
import { maxEvents } from '../../../web/profile/events.ts';
import { openProfile, profileChannel, profileOver } from '../../../web/profile/store.ts';
import type { NewProfileEvent, Profile, ProfileChange, ProfileOptions } from '../../../web/profile/types.ts';
import { analysisOf, dayMs, eventOf, FakeShelf, kettle, start, teapot } from './support.ts';

const full = new AftersenseError('storage_full', 'No room.');
const blocked = new AftersenseError('storage_unavailable', 'Refused.');
const newer = new AftersenseError('profile_wrong_version', 'Newer.');

let shelf: FakeShelf;
let now: number;
let profile: Profile;
const opened: Profile[] = [];
const open = (options: ProfileOptions = {}) => {
  const made = profileOver(shelf, profileChannel('test'), { now: () => now, ...options });
  opened.push(made);
  return made;
};

beforeEach(() => {
  shelf = new FakeShelf();
  now = start;
  profile = open();
  return () => {
    for (const one of opened.splice(0)) one.close();
  };
});

const view: NewProfileEvent = { kind: 'view', product: kettle };
const ids = async (of = profile) => (await of.export()).events.map(({ id }) => id);
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error) => error.code,
  );

describe('consent', () => {
  test('comes first: without it nothing is recorded, and nothing is stored', async () => {
    expect(await profile.consented()).toBe(false);
    expect(await code(profile.record(view))).toBe('consent_missing');
    expect(await code(profile.record({ kind: 'search', text: '孕妇枕' }))).toBe('consent_missing');
    expect([shelf.consent, shelf.records.size]).toEqual([undefined, 0]);
  });

  test('once given stands, with the time of the first', async () => {
    const first = await profile.consent(true);
    expect(first).toEqual({ kept: 'stored', consent: { id: expect.stringMatching(/^[0-9a-f]{24}$/), at: start } });
    now += dayMs;
    expect(await profile.consent(true)).toEqual(first);
    expect([await profile.consented(), await open().consented()]).toEqual([true, true]);
  });

  test('withdrawn erases all, itself too, and can be given again for an empty profile', async () => {
    const first = await profile.consent(true);
    await profile.record(view);
    await profile.consent(false);
    expect([shelf.consent, shelf.records.size, await profile.consented()]).toEqual([undefined, 0, false]);
    expect(await code(profile.record(view))).toBe('consent_missing');
    expect(await profile.consent(true)).not.toEqual(first);
    expect(await ids()).toEqual([]);
  });

  test.each(['yes', 1, undefined, null, { consent: true }])('is not %j', async (given) => {
    expect(await code(profile.consent(given as never))).toBe('invalid_argument');
    expect(await profile.consented()).toBe(false);
  });

  test('that is damaged is none; the next one does not bring back what was there', async () => {
    await profile.consent(true);
    await profile.record(view);
    shelf.consent = { id: 5 };
    expect([await profile.consented(), await ids(), profile.skipped]).toEqual([false, [], 1]);
    expect(await code(profile.record(view))).toBe('consent_missing');
    await profile.consent(true);
    expect([await ids(), shelf.records.size]).toEqual([[], 0]);
  });
});

describe('with consent, an event', () => {
  beforeEach(async () => {
    await profile.consent(true);
  });

  test('is kept, without what is not to be kept', async () => {
    const analysis = { ...analysisOf('negative', [['logistics', 'negative', 0.9]]), text: 'Secret words', keywords: [{ text: 'Secret' }] };
    const kept = await profile.record({ kind: 'feedback', product: kettle, analysis, text: 'Secret words' } as never);
    const { description: _, image: __, ...product } = kettle;
    expect(kept).toEqual({
      kept: 'stored',
      event: {
        id: expect.any(String),
        at: start,
        kind: 'feedback',
        product,
        sentiment: { label: 'negative', confidence: 0.8 },
        aspects: [{ aspect: 'logistics', polarity: 'negative', score: 0.9 }],
      },
    });
    expect(JSON.stringify([...shelf.records.values()])).not.toMatch(/Secret/);
    expect(await ids(open())).toEqual(await ids());
  });

  test('of the same id is kept once, in the order of the times', async () => {
    const line = { kind: 'purchase', product: kettle, id: 'order 1/1', at: start - 5 * dayMs } as const;
    await profile.record(view);
    const first = await profile.record(line);
    expect(await profile.record({ ...line, quantity: 9 })).toEqual(first);
    expect((await profile.export()).events).toMatchObject([{ id: 'order 1/1', quantity: 1 }, { kind: 'view' }]);
  });

  test('of a view or a search that is repeated within half an hour is the one before', async () => {
    const first = await profile.record(view);
    now += 30 * 60_000;
    expect(await profile.record(view)).toEqual(first);
    now += 1;
    expect(await profile.record(view)).not.toEqual(first);
    await profile.record({ kind: 'search', text: 'kettle' });
    await profile.record({ kind: 'search', text: ' kettle ' });
    await profile.record({ kind: 'view', product: teapot });
    await profile.record({ kind: 'purchase', product: kettle });
    await profile.record({ kind: 'purchase', product: kettle });
    expect((await profile.export()).events).toHaveLength(6);
  });

  test('that is sensitive is kept nowhere', async () => {
    const condom = { id: 'c', title: 'Condoms' };
    const none = { kept: 'none', reason: 'sensitive' };
    expect(await profile.record({ kind: 'search', text: '孕妇枕' })).toEqual(none);
    expect(await profile.record({ kind: 'purchase', product: condom })).toEqual(none);
    expect([shelf.records.size, await profile.history()]).toEqual([0, { at: start, products: [], searches: [], shown: [] }]);
  });

  test('that the shop has come to know as sensitive counts for nothing any more', async () => {
    await profile.record(view);
    const stricter = open({ sensitive: { deny: ['kettle'] } });
    expect(await stricter.interests()).toMatchObject({ categories: [], brands: [], terms: [], prices: [] });
    expect([(await stricter.history()).products, await stricter.suppressed()]).toEqual([[], []]);
    expect((await profile.interests()).categories).toHaveLength(1);
  });

  test('too many of a kind push out the oldest of that kind, whatever the clock says now', async () => {
    await profile.record({ kind: 'purchase', product: kettle, id: 'old purchase', at: 0 });
    for (let i = 0; i < maxEvents.search; i++) {
      const id = `s${i}`;
      shelf.records.set(id, eventOf({ kind: 'search', text: id, id, at: start - 1e6 + i }));
    }
    // Of a time when the clock was ahead: not newer than all that comes.
    shelf.records.set('ahead', eventOf({ kind: 'search', text: 'ahead', id: 'ahead', at: start + 1000 * dayMs }));
    shelf.records.delete('s5');
    await profile.record({ kind: 'search', text: 'new', id: 'new' });
    const kept = await ids();
    expect([kept.length, kept.includes('s0'), kept.includes('s1'), kept.includes('new'), kept[0]]).toEqual([
      maxEvents.search + 1,
      false,
      true,
      true,
      'old purchase',
    ]);
    expect(await profile.record({ kind: 'search', text: 'very old', at: 1 })).toEqual({ kept: 'none', reason: 'too_old' });
    expect(shelf.records.size).toBe(maxEvents.search + 1);
  });

  test('after the clock was set back counts beside the others', async () => {
    await profile.record(view);
    now -= 400 * dayMs;
    await profile.record({ kind: 'view', product: teapot });
    expect((await profile.history()).products.map(({ id, weight }) => [id, weight])).toEqual(
      expect.arrayContaining([
        [kettle.id, 1],
        ['teapot', 1],
      ]),
    );
  });

  const long = 'x'.repeat(10_000_000);
  test('with huge texts is cut to what is kept', async () => {
    const product = { id: 'a', title: `${'y'.repeat(199)}😠${long}`, description: long, tags: Array(100).fill('t'.repeat(99)) };
    const { event } = (await profile.record({ kind: 'view', product })) as { event: { product: object } };
    expect(event.product).toEqual({ id: 'a', title: 'y'.repeat(199), tags: Array(20).fill('t'.repeat(50)) });
  });

  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['nothing', undefined, /^event must be an object/],
    ['a kind that is none', { kind: 'click' }, /event\.kind/],
    ['a kind of every object', { kind: 'constructor' }, /event\.kind/],
    ['no product', { kind: 'view' }, /event\.product must be an object/],
    ['a product without an id', { kind: 'view', product: { title: 'x' } }, /event\.product\.id/],
    ['an empty id', { kind: 'view', product: { id: '' } }, /event\.product\.id has 0/],
    ['a huge id', { kind: 'view', product: { id: 'x'.repeat(201) } }, /201 characters; 1 to 200/],
    ['a price below 0', { kind: 'view', product: { id: 'x', price: -1 } }, /price/],
    ['a price that is none', { kind: 'view', product: { id: 'x', price: Number.NaN } }, /price/],
    ['a title that is none', { kind: 'view', product: { id: 'x', title: 5 } }, /title/],
    ['no pieces', { kind: 'purchase', product: kettle, quantity: 0 }, /quantity/],
    ['half a piece', { kind: 'purchase', product: kettle, quantity: 0.5 }, /quantity/],
    ['six stars', { kind: 'rating', product: kettle, stars: 6 }, /stars must be from 1 to 5, not 6/],
    ['no stars', { kind: 'rating', product: kettle, stars: Number.NaN }, /stars/],
    ['a blank search', { kind: 'search', text: ' \n' }, /text is blank/],
    ['nothing shown', { kind: 'shown', products: [] }, /0 ids; 1 to 50/],
    ['no analysis', { kind: 'feedback', product: kettle }, /event\.analysis must be an object/],
    ['an analysis that is none', { kind: 'feedback', product: kettle, analysis: { sentiment: { label: 'bad' } } }, /sentiment\.label/],
    [
      'an aspect that is none',
      { kind: 'feedback', product: kettle, analysis: { ...analysisOf('neutral'), aspects: [{ aspect: 'x' }] } },
      /aspects\[0\]\.aspect/,
    ],
    ['a time that is none', { kind: 'view', product: kettle, at: Number.NaN }, /event\.at/],
    ['an id of its own that is none', { kind: 'view', product: kettle, id: 7 }, /event\.id/],
  ];
  test.each(bad)('with %s is refused', async (_, given, message) => {
    await expect(profile.record(given as NewProfileEvent)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(message),
    });
    expect(shelf.records.size).toBe(0);
  });
});

describe('the rest of the interface', () => {
  beforeEach(async () => {
    await profile.consent(true);
    await profile.record({ kind: 'purchase', product: kettle });
  });

  test('gives what was recorded, in every form', async () => {
    expect((await profile.interests()).brands).toMatchObject([{ name: kettle.brand, weight: 4 }]);
    expect((await profile.history()).products).toMatchObject([{ id: kettle.id, bought: 1 }]);
    expect(await profile.suppressed()).toEqual([{ id: kettle.id, reason: 'bought' }]);
    expect(await profile.vector({ products: (given) => given.map(() => [3, 4]) })).toEqual(Float32Array.of(0.6, 0.8));
    const file = JSON.parse(JSON.stringify(await profile.export()));
    expect(file).toMatchObject({
      format: 'aftersense-profile',
      version: 1,
      exportedAt: '2026-01-05T00:00:00.000Z',
      consent: { at: start },
      events: [{ kind: 'purchase', product: { id: kettle.id } }],
      interests: { categories: [{ name: 'Kitchen' }] },
    });
  });

  test.each([0, 1001, 1.5, '5'])('refuses a limit of %j', async (limit) => {
    expect(await code(profile.interests({ limit } as never))).toBe('invalid_argument');
  });

  test('refuses a listener that is none', () => {
    expect(() => profile.watch(5 as never)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('passes over records that are no events, and counts them', async () => {
    const good = [...shelf.records.values()][0] as object;
    const broken = [null, 7, {}, { ...good, id: 5 }, { ...good, kind: 'click' }, { ...good, at: 'x' }, { ...good, quantity: 0 }];
    for (const [i, record] of [...broken, { ...good, product: { id: 3 } }].entries()) shelf.records.set(`bad${i}`, record);
    expect([(await ids()).length, profile.skipped]).toEqual([1, broken.length + 1]);
    await profile.record(view);
    expect(await ids()).toHaveLength(2);
    await profile.erase();
    expect([shelf.records.size, profile.skipped]).toEqual([0, 0]);
  });

  test('erases what reads back as erased, or says that it did not', async () => {
    shelf.keeps = true;
    expect(await code(profile.erase())).toBe('storage_unavailable');
    shelf.keeps = false;
    await profile.erase();
    expect([await ids(), await profile.consented(), shelf.records.size]).toEqual([[], false, 0]);
  });

  test('rejects calls after close', async () => {
    profile.close();
    for (const work of [profile.record(view), profile.consented(), profile.interests(), profile.erase(), profile.consent(true)])
      expect(await code(work)).toBe('disposed');
  });

  test('keeps its hands off a profile of a newer version', async () => {
    shelf.fail = newer;
    for (const work of [profile.record(view), profile.consented(), profile.interests(), profile.consent(true), profile.export()])
      expect(await code(work)).toBe('profile_wrong_version');
    shelf.fail = undefined;
    expect(await ids()).toHaveLength(1);
  });
});

describe.each([
  ['full', full],
  ['blocked', blocked],
])('storage that is %s', (_, problem) => {
  test('keeps events in memory, counts them, says why, and stores them with the next', async () => {
    await profile.consent(true);
    shelf.fail = problem;
    const first = await profile.record(view);
    expect(first).toMatchObject({ kept: 'memory', problem });
    expect(await profile.record(view)).toEqual(first);
    expect([await profile.consented(), (await profile.history()).products.length, profile.problem]).toEqual([true, 1, problem]);
    shelf.fail = undefined;
    expect(await profile.record({ kind: 'view', product: teapot })).toMatchObject({ kept: 'stored' });
    expect([shelf.records.size, profile.problem, (await ids()).length]).toEqual([2, undefined, 2]);
  });

  test('keeps a consent in memory, and stores it with the next event', async () => {
    shelf.fail = problem;
    const given = await profile.consent(true);
    expect(given).toMatchObject({ kept: 'memory', problem });
    expect(await profile.record(view)).toMatchObject({ kept: 'memory' });
    shelf.fail = undefined;
    expect([await profile.consented(), (await ids()).length]).toEqual([true, 1]);
    await profile.record({ kind: 'view', product: teapot });
    expect([shelf.consent, shelf.records.size]).toEqual([given.consent, 2]);
  });

  test('cannot be asked for the consent, so that nothing is recorded', async () => {
    await profile.consent(true);
    shelf.fail = problem;
    const other = open();
    await expect(other.record(view)).rejects.toMatchObject({ code: 'consent_missing', cause: problem });
    expect(await other.consented()).toBe(false);
  });

  test('may bring back what was erased, and says so; memory has forgotten', async () => {
    await profile.consent(true);
    await profile.record(view);
    shelf.fail = problem;
    await expect(profile.erase()).rejects.toBe(problem);
    expect([await profile.consented(), await ids()]).toEqual([false, []]);
  });
});

test('where there is no IndexedDB, as in Node, the profile lives in memory', async () => {
  const inNode = openProfile({ now: () => now });
  expect(await code(inNode.record(view))).toBe('consent_missing');
  expect(await inNode.consent(true)).toMatchObject({ kept: 'memory', problem: { code: 'storage_unavailable' } });
  expect(await inNode.record(view)).toMatchObject({ kept: 'memory' });
  expect((await inNode.history()).products).toMatchObject([{ id: kettle.id, views: 1 }]);
  expect(inNode.problem).toMatchObject({ code: 'storage_unavailable' });
  await inNode.erase();
  expect([await inNode.consented(), (await inNode.history()).products]).toEqual([false, []]);
  inNode.close();
});

test.each([[{ database: 5 }], [{ now: 5 }], [{ sensitive: { deny: 'x' } }]])('options that are none: %j', (options) => {
  expect(() => openProfile(options as never)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
});

describe('another tab', () => {
  test('hears of what this one does, and has the same', async () => {
    const other = open();
    const heard: ProfileChange[] = [];
    const stop = new AbortController();
    other.watch((change) => heard.push(change), { signal: stop.signal });
    await profile.consent(true);
    await profile.record(view);
    await profile.erase();
    await expect.poll(() => heard).toEqual([{ kind: 'consented' }, { kind: 'recorded' }, { kind: 'erased' }]);
    expect([await other.consented(), await ids(other)]).toEqual([false, []]);
    stop.abort();
    await profile.consent(true);
    await other.record(view);
    expect([heard.length, await ids()]).toEqual([3, await ids(other)]);
  });

  /** With an event that is in memory alone. */
  const holding = async () => {
    await profile.consent(true);
    shelf.fail = full;
    await profile.record(view);
    expect(await ids()).toHaveLength(1);
    shelf.fail = undefined;
  };

  test('that erases takes what this one holds in memory, whatever the storage says next', async () => {
    await holding();
    await open().erase();
    shelf.fail = full;
    await expect.poll(() => profile.consented()).toBe(false);
    expect([await ids(), await code(profile.record(view))]).toEqual([[], 'consent_missing']);
  });

  /** As where there is no BroadcastChannel. */
  const silent = () => {
    const other = profileOver(shelf, profileChannel('silent'), { now: () => now });
    opened.push(other);
    return other;
  };

  test('that erases without a word is found out by the next call', async () => {
    await holding();
    await silent().erase();
    expect(await code(profile.record(view))).toBe('consent_missing');
    shelf.fail = full;
    expect([await profile.consented(), await ids()]).toEqual([false, []]);
  });

  test.each(['read', 'record'])('where the shopper agreed anew gets nothing of what was held before, at the next %s', async (next) => {
    await holding();
    const other = silent();
    await other.erase();
    await other.consent(true);
    await other.record({ kind: 'view', product: teapot });
    if (next === 'record') await profile.record({ kind: 'search', text: 'lamp' });
    expect((await profile.history()).products.map(({ id }) => id)).toEqual(['teapot']);
    expect([...shelf.records.values()]).not.toContainEqual(
      expect.objectContaining({ product: expect.objectContaining({ id: kettle.id }) }),
    );
  });

  test('that is another script does not disturb', async () => {
    const script = new BroadcastChannel('test');
    await profile.consent(true);
    shelf.fail = full;
    await profile.record(view);
    for (const message of ['erased', { kind: 'erase' }, null]) script.postMessage(message);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ids()).toHaveLength(1);
    script.close();
  });
});
