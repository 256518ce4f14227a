/** What the storefront suggests and remembers: after consent, with reasons, and gone without a trace when it is erased. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { complaint } from './reviews.ts';
import { typeReview, untilLoaded, useShop } from './support.ts';

interface SourceProduct {
  readonly id: string;
  readonly price: number;
  readonly salePrice?: number;
  readonly role?: string;
  readonly fits?: readonly string[];
  readonly group?: string;
}
const products = readFileSync(new URL('../../demo/products.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SourceProduct);
const priceOf = (id: string) => {
  const found = products.find((product) => product.id === id);
  return found?.salePrice ?? found?.price ?? Number.NaN;
};
const numberIn = (text: string) => Number(text.replace(/[^\d.]/g, ''));

const visits = useShop();

async function open(path: string, locale = 'en-US'): Promise<Page> {
  const opened = await visits.visit(path, { locale });
  await untilLoaded(opened.page);
  return opened.page;
}

const go = async (page: Page, path: string) => {
  await page.goto(visits.shop.url + path);
  await page.locator('main h1').waitFor();
};
const section = (page: Page, name: string) => page.locator(`[data-section="${name}"]`);
const cards = (page: Page, name: string) => section(page, name).locator('.card');
const idsOf = (list: Locator) => list.evaluateAll((all) => all.map((each) => each.getAttribute('data-id') ?? ''));
/** What any database of the page holds: names, and how many records. */
const stored = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? '').filter((name) => name.includes('profile')));

async function agreeWithSample(page: Page): Promise<void> {
  await go(page, '#/you');
  await page.locator('[data-consent="yes"]').click();
  await page.locator('[data-do="sample"]').click();
  await expect.poll(() => page.locator('.events li').count()).toBeGreaterThan(10);
}

describe('the front page', () => {
  test('asks, keeps nothing before the answer, and takes no for an answer', async () => {
    const page = await open('#/');
    await page.locator('.consent').waitFor();
    await cards(page, 'popular').first().waitFor();
    await go(page, '#/p/gooseneck-kettle');
    await go(page, '#/');
    expect(await stored(page)).toEqual([]);
    await page.locator('[data-consent="no"]').click();
    await expect.poll(() => page.locator('.consent').count()).toBe(0);
    await page.reload();
    await cards(page, 'popular').first().waitFor();
    expect(await page.locator('.consent').count()).toBe(0);
    expect(await stored(page)).toEqual([]);
  });

  test.each(['en-US', 'zh-CN'])('after consent shows what runs out, what suits, and why: %s', async (locale) => {
    const page = await open('#/', locale);
    await agreeWithSample(page);
    await go(page, '#/');
    await cards(page, 'replenishment').first().waitFor();
    const due = await idsOf(cards(page, 'replenishment'));
    expect(due).toContain('house-coffee');
    expect(due).not.toContain('hand-grinder');
    expect(await cards(page, 'replenishment').first().locator('.reason').innerText()).toMatch(/\d+/);
    const suited = await idsOf(cards(page, 'profile'));
    expect(suited.length).toBeGreaterThan(3);
    for (const bought of ['gooseneck-kettle', 'hand-grinder', 'santoku-knife']) expect(suited).not.toContain(bought);
    expect(await section(page, 'viewed').locator('h2').innerText()).toMatch(locale === 'zh-CN' ? /紫砂小壶/ : /Small clay teapot/);
    const why = cards(page, 'profile').first().locator('details');
    await why.locator('summary').click();
    const shares = (await why.locator('dd').allInnerTexts()).map(numberIn);
    expect(shares.length).toBeGreaterThan(0);
    // Each is rounded to a whole per cent.
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThanOrEqual(shares.length);
  });
});

describe('what is remembered', () => {
  test('can be read, with what it comes from, and taken along', async () => {
    const page = await open('#/');
    await agreeWithSample(page);
    await page.locator('.interests summary').first().click();
    expect(await page.locator('.interests details[open] li').first().innerText()).toMatch(/^(Bought|Viewed) · .+ · .+\d{4}$/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-do="export"]').click()]);
    const file = JSON.parse(readFileSync((await download.path()) ?? '', 'utf8')) as { format: string; events: unknown[] };
    expect(file.format).toBe('aftersense-profile');
    expect(file.events).toHaveLength(16);
  });

  test('is what the shopper does: a search, a view, an order', async () => {
    const page = await open('#/you');
    await page.locator('[data-consent="yes"]').click();
    await page.locator('[data-do="export"]').waitFor();
    await go(page, '#/s?q=coffee');
    await go(page, '#/p/enamel-stockpot');
    await page.locator('.product .button').first().click();
    await go(page, '#/basket');
    await page.locator('[data-do="order"]').click();
    await page.locator('[data-ordered]').waitFor();
    await go(page, '#/you');
    await page.locator('.events').waitFor();
    const events = await page.locator('.events li').allInnerTexts();
    expect(events.join('\n')).toMatch(/Bought[\s\S]*Cast-iron soup pot/);
    expect(events.join('\n')).toMatch(/Viewed[\s\S]*Cast-iron soup pot/);
    expect(events.join('\n')).toMatch(/Searched[\s\S]*coffee/);
  });

  test('is gone when it is erased, and the page says that it has looked', async () => {
    const page = await open('#/');
    await agreeWithSample(page);
    expect(await stored(page)).not.toEqual([]);
    await page.locator('[data-do="erase"]').click();
    await page.locator('[data-erased]').waitFor();
    expect(await stored(page)).toEqual([]);
    expect(await page.locator('.interests').count()).toBe(0);
    await go(page, '#/');
    await cards(page, 'popular').first().waitFor();
    expect(await section(page, 'replenishment').count()).toBe(0);
  });
});

describe('a product page', () => {
  test('offers what is bought with it, for the sum of what is ticked', async () => {
    const page = await open('#/p/gooseneck-kettle');
    const members = section(page, 'together').locator('.bundle-member');
    await expect.poll(() => members.count()).toBe(3);
    const ids = await idsOf(members);
    expect(ids[0]).toBe('gooseneck-kettle');
    const total = section(page, 'together').locator('.price-large');
    expect(numberIn(await total.innerText())).toBeCloseTo(ids.reduce((sum, id) => sum + priceOf(id), 0));
    await members.nth(2).locator('input').uncheck();
    expect(numberIn(await total.innerText())).toBeCloseTo(ids.slice(0, 2).reduce((sum, id) => sum + priceOf(id), 0));
    await section(page, 'together').locator('.button').click();
    await go(page, '#/basket');
    expect(await page.locator('.basket-row').count()).toBe(2);
  });

  test('shows parts that fit, and guides about it', async () => {
    const page = await open('#/p/gooseneck-kettle');
    await cards(page, 'parts').first().waitFor();
    for (const id of await idsOf(cards(page, 'parts')))
      expect(products.find((product) => product.id === id)?.fits, id).toContain('gooseneck-kettle');
    expect(await idsOf(cards(page, 'guides'))).toContain('descale-a-kettle');
    await cards(page, 'guides').first().locator('a').click();
    await page.locator('.guide ol li').first().waitFor();
  });

  test('tells what is on sale and what is sold out', async () => {
    const page = await open('#/p/jersey-sheets');
    expect((await page.locator('.product .price').innerText()).replace(/\s+/g, ' ')).toBe('Now ¥199 Before ¥239');
    await go(page, '#/p/clay-teapot');
    expect(await page.locator('.product .button').first().isDisabled()).toBe(true);
  });

  test('after a complaint shows the part that repairs it, and never the product or its variants', async () => {
    const page = await open('#/p/gooseneck-kettle');
    await typeReview(page, complaint.en);
    await page.locator('.verdict[data-label="negative"]').waitFor();
    await page.locator('.feedback-form button[type="submit"]').click();
    await page.locator('[data-step]').waitFor();
    if ((await page.locator('[data-step]').getAttribute('data-step')) !== 'complaint')
      await page.locator('[data-open="complaint"]').click();
    await cards(page, 'remedies').first().waitFor();
    const offered = await idsOf(cards(page, 'remedies'));
    expect(offered).toContain('kettle-lid');
    expect(offered).not.toContain('gooseneck-kettle');
  });
});

test('the basket has offers that suit it, and one that is used takes off what it says', async () => {
  const page = await open('#/p/spring-longjing');
  await page.locator('.product .button').first().click();
  await go(page, '#/basket');
  const offer = page.locator('[data-offer="TEA15"]');
  await offer.waitFor();
  expect(await offer.locator('.quiet').innerText()).not.toBe('');
  await offer.locator('button').click();
  await expect.poll(() => page.locator('.totals').innerText()).toMatch(/TEA15[\s\S]*−¥29\.70[\s\S]*¥168\.30/);
  await expect.poll(() => page.locator('[data-offer="TEA15"] button').isDisabled()).toBe(true);
});
