/** The profile in a real IndexedDB: reload, two tabs, an erasure that is proved, older and newer versions, storage that is full or refused. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { IndexedDbShelf, upgrades } from '../../web/profile/database.ts';
import type { maxEvents } from '../../web/profile/events.ts';
import type { openProfile, profileChannel, profileOver } from '../../web/profile/store.ts';
import type { NewProfileEvent, Profile, ProfileChange } from '../../web/profile/types.ts';
import { useModulePage } from './module_page.ts';

interface ProfileModules {
  readonly openProfile: typeof openProfile;
  readonly profileOver: typeof profileOver;
  readonly profileChannel: typeof profileChannel;
  readonly IndexedDbShelf: typeof IndexedDbShelf;
  readonly upgrades: typeof upgrades;
  readonly maxEvents: typeof maxEvents;
}

declare global {
  var profileModules: ProfileModules;
  var profile: Profile;
  var profileChanges: ProfileChange[];
}

const source = `
  export { openProfile, profileOver, profileChannel } from './store.ts';
  export { IndexedDbShelf, upgrades } from './database.ts';
  export { maxEvents } from './events.ts';
`;
const name = 'aftersense-profile';
const kettle = { id: 'kettle', title: '手冲壶 Kettle', category: 'Kitchen', brand: '麦烬', price: 239, currency: 'CNY' };
const view: NewProfileEvent = { kind: 'view', product: kettle };
const lab = useModulePage('../../web/profile', source, 'profileModules');

const start = (at: Page) =>
  at.evaluate(() => {
    globalThis.profile = globalThis.profileModules.openProfile();
    globalThis.profileChanges = [];
    globalThis.profile.watch((change) => globalThis.profileChanges.push(change));
  });

async function tab(path = '/'): Promise<Page> {
  const opened = await lab.open(path);
  await start(opened);
  return opened;
}

const consent = (at: Page) => at.evaluate(() => globalThis.profile.consent(true));
const consented = (at: Page) => at.evaluate(() => globalThis.profile.consented());
const record = (at: Page, event: NewProfileEvent = view) =>
  at.evaluate((one) => globalThis.profile.record(one).catch(({ code }) => ({ kept: 'refused' as const, code: code as string })), event);
const erase = (at: Page) => at.evaluate(() => globalThis.profile.erase());
const events = (at: Page) => at.evaluate(async () => (await globalThis.profile.export()).events);
const databases = (at: Page) => at.evaluate(async () => (await indexedDB.databases()).map(({ name, version }) => `${name} ${version}`));
/** All that is in any store of the database. */
const records = (at: Page) =>
  at.evaluate(async (database) => {
    const opened = indexedDB.open(database);
    await new Promise((resolve) => opened.addEventListener('success', resolve));
    const names = [...opened.result.objectStoreNames];
    const read = names.map((store) => opened.result.transaction(store).objectStore(store).getAll());
    await Promise.all(read.map((request) => new Promise((resolve) => request.addEventListener('success', resolve))));
    opened.result.close();
    return read.flatMap(({ result }) => result);
  }, name);
/** The code of what `work` rejects with, by the name of a method that takes nothing. */
const refusal = (at: Page, method: 'consented' | 'interests' | 'export' | 'history') =>
  at.evaluate((called) => globalThis.profile[called]().then(String, ({ code }) => code as string), method);

test('a page of a shopper who has not agreed leaves no database behind', async () => {
  const first = await tab();
  expect(await record(first)).toEqual({ kept: 'refused', code: 'consent_missing' });
  await erase(first);
  expect([await consented(first), await events(first), await databases(first)]).toEqual([false, [], []]);
  await consent(first);
  expect(await databases(first)).toEqual([`${name} 1`]);
});

test('survives a reload, with what it says of the shopper', async () => {
  const first = await tab();
  const { consent: given } = await consent(first);
  const purchase = { kind: 'purchase', product: kettle, at: Date.now() - 86_400_000 } as const;
  const kept = [await record(first, purchase), await record(first, { kind: 'search', text: '手冲壶' })];
  expect(kept.map(({ kept }) => kept)).toEqual(['stored', 'stored']);
  const before = await events(first);
  await first.reload();
  await start(first);
  expect(await events(first)).toEqual(before);
  const file = await first.evaluate(() => globalThis.profile.export());
  expect(file).toMatchObject({ consent: given, interests: { categories: [{ name: 'Kitchen' }], terms: [{ name: '手冲壶' }, {}] } });
});

describe('two tabs', () => {
  test('have one profile, and lose nothing of what both record at once', async () => {
    const [first, second] = [await tab(), await tab()];
    await consent(first);
    expect(await consented(second)).toBe(true);
    const push = (at: Page, own: string) =>
      at.evaluate(async (mark) => {
        const all = Array.from({ length: 20 }, (_, i) => globalThis.profile.record({ kind: 'search', text: `${mark} ${i}` }));
        return (await Promise.all(all)).map(({ kept }) => kept);
      }, own);
    const kept = await Promise.all([push(first, 'first'), push(second, 'second')]);
    expect(kept.flat()).toEqual(Array(40).fill('stored'));
    expect(await events(first)).toEqual(await events(second));
    expect((await events(first)).length).toBe(40);
    const changes = () => second.evaluate(() => globalThis.profileChanges.map(({ kind }) => kind));
    await expect.poll(changes).toEqual(['consented', ...Array(20).fill('recorded')]);
  });

  test('an erasure in one is one in both: nothing is left, and nothing comes back', async () => {
    const [first, second] = [await tab(), await tab()];
    await consent(first);
    await record(first);
    await record(second, { kind: 'search', text: 'lamp' });
    expect((await events(second)).length).toBe(2);
    await erase(first);
    // Read past our own code: no such database, in either tab; one that is opened now is new and empty.
    expect([await databases(first), await databases(second)]).toEqual([[], []]);
    expect([await consented(second), await events(second)]).toEqual([false, []]);
    expect(await record(second)).toEqual({ kept: 'refused', code: 'consent_missing' });
    expect(await databases(second)).toEqual([]);
    expect(await records(second)).toEqual([]);
  });

  test('a withdrawal amid what the other records leaves nothing', async () => {
    const [first, second] = [await tab(), await tab()];
    await consent(first);
    await record(second);
    const storm = second.evaluate(async () => {
      const codes: string[] = [];
      for (let i = 0; i < 60; i++)
        await globalThis.profile.record({ kind: 'search', text: `lamp ${i}` }).then(
          ({ kept }) => codes.push(kept),
          ({ code }) => codes.push(code),
        );
      return codes;
    });
    await first.evaluate(() => globalThis.profile.consent(false));
    const codes = await storm;
    expect(codes.at(-1)).toBe('consent_missing');
    expect([await events(first), await events(second), await consented(second)]).toEqual([[], [], false]);
    // Read past our own code. A record that was just asking for the consent may have made the database anew: empty.
    expect(await records(first)).toEqual([]);
  });
});

describe('versions', () => {
  /** As a later version of this module would open it: one more step, which gives every event a new field. */
  const upgrade = (at: Page) =>
    at.evaluate(async (database) => {
      const { IndexedDbShelf, upgrades, profileOver, profileChannel } = globalThis.profileModules;
      const steps = [
        ...upgrades,
        async (_: unknown, transaction: { objectStore(name: string): { getAll(): Promise<object[]>; put(one: object): unknown } }) => {
          const store = transaction.objectStore('events');
          for (const event of await store.getAll()) await store.put({ ...event, migrated: true });
        },
      ];
      const shelf = new IndexedDbShelf(database, steps as unknown as typeof upgrades);
      const later = profileOver(shelf, profileChannel(database));
      const found = [await later.consented(), (await later.export()).events.length, (await shelf.read()).records];
      later.close();
      return found;
    }, name);

  test('an older profile is migrated; a newer one is refused and left as it is, until it is erased', async () => {
    const [first, second] = [await tab(), await tab()];
    await consent(first);
    const { event } = (await record(first)) as unknown as { event: object };
    expect(await upgrade(second)).toEqual([true, 1, [{ ...event, migrated: true }]]);
    expect(await databases(first)).toEqual([`${name} 2`]);
    for (const method of ['consented', 'interests', 'export', 'history'] as const)
      expect([method, await refusal(first, method)]).toEqual([method, 'profile_wrong_version']);
    expect(await record(first)).toEqual({ kept: 'refused', code: 'profile_wrong_version' });
    expect(await upgrade(second)).toEqual([true, 1, [{ ...event, migrated: true }]]);
    await erase(first);
    expect([await databases(first), await consented(first)]).toEqual([[], false]);
  });
});

describe('storage', () => {
  test('refused by the browser: the profile lives in memory', async () => {
    const refused = await tab('/refused');
    expect(await record(refused)).toEqual({ kept: 'refused', code: 'consent_missing' });
    expect(await consent(refused)).toMatchObject({ kept: 'memory' });
    expect(await record(refused)).toMatchObject({ kept: 'memory' });
    const found = () =>
      refused.evaluate(async () => [(await globalThis.profile.history()).products.length, globalThis.profile.problem?.code]);
    expect(await found()).toEqual([1, 'storage_unavailable']);
  });

  test('full: consent and events live in memory, and are stored with the next once there is room', async () => {
    const crowded = await tab();
    const session = await lab.context.newCDPSession(crowded);
    await session.send('Storage.overrideQuotaForOrigin', { origin: lab.site, quotaSize: 1 });
    expect(await consent(crowded)).toMatchObject({ kept: 'memory' });
    expect(await record(crowded)).toMatchObject({ kept: 'memory' });
    expect(await crowded.evaluate(() => globalThis.profile.problem?.code)).toBe('storage_full');
    await session.send('Storage.overrideQuotaForOrigin', { origin: lab.site });
    expect(await record(crowded, { kind: 'search', text: 'lamp' })).toMatchObject({ kept: 'stored' });
    await crowded.reload();
    await start(crowded);
    expect([await consented(crowded), (await events(crowded)).length]).toEqual([true, 2]);
  });

  test('with records that are none, and as many events as there is room for', async () => {
    const first = await tab();
    await consent(first);
    const counts = await first.evaluate(async (database) => {
      const opened = indexedDB.open(database);
      await new Promise((resolve) => opened.addEventListener('success', resolve));
      const transaction = opened.result.transaction('events', 'readwrite');
      const store = transaction.objectStore('events');
      const { maxEvents } = globalThis.profileModules;
      const product = (i: number) => ({
        id: `p${i}`,
        title: `Kettle number ${i}, 手冲壶`,
        category: 'Kitchen',
        brand: `b${i % 9}`,
        price: i,
      });
      for (let i = 0; i < maxEvents.purchase; i++) store.put({ id: `a${i}`, at: i, kind: 'purchase', product: product(i), quantity: 1 });
      for (let i = 0; i < maxEvents.view; i++) store.put({ id: `b${i}`, at: i, kind: 'view', product: product(i) });
      for (let i = 0; i < maxEvents.search; i++) store.put({ id: `c${i}`, at: i, kind: 'search', text: `kettle ${i}` });
      store.put({ id: 'x', text: 5 });
      await new Promise((resolve) => transaction.addEventListener('complete', resolve));
      opened.result.close();
      const started = performance.now();
      for (let i = 0; i < 10; i++) await globalThis.profile.record({ kind: 'view', product: product(10_000 + i) });
      const recordMs = (performance.now() - started) / 10;
      const { terms } = await globalThis.profile.interests();
      const interestsMs = performance.now() - started - recordMs * 10;
      const { length } = (await globalThis.profile.export()).events;
      return { length, skipped: globalThis.profile.skipped, terms: terms.length, recordMs, interestsMs };
    }, name);
    expect(counts).toMatchObject({ length: 1300, skipped: 1, terms: 3 });
    // Guards against what grows with the square of the events: even on a machine that is busy with much else it takes a tenth.
    expect(Math.max(counts.recordMs, counts.interestsMs)).toBeLessThan(5000);
  });
});
