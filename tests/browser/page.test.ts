/** The page itself: its widths, its names for assistive technology, its engine builds. */
import { describe, expect, test } from 'vitest';
import { praise, reviews } from './reviews.ts';
import { typeReview, untilLoaded, useShop } from './support.ts';

const routes = [
  '#/',
  '#/all',
  '#/c/tea',
  '#/p/gooseneck-kettle',
  '#/s?q=tea',
  '#/basket',
  '#/cases',
  '#/you',
  '#/care',
  '#/care/descale-a-kettle',
  '#/nowhere',
];
const visits = useShop();

describe.each(['en-US', 'zh-CN'])('in %s', (locale) => {
  test('no route scrolls sideways at phone width', async () => {
    const opened = await visits.visit('', { locale, viewport: { width: 360, height: 740 } });
    const { page } = opened;
    await untilLoaded(page);
    for (const route of routes) {
      await page.goto(visits.shop.url + route);
      await page.locator('main h1').waitFor();
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(widths, route).toEqual([360, 360]);
    }
    await page.goto(`${visits.shop.url}#/p/gooseneck-kettle`);
    await typeReview(page, locale === 'zh-CN' ? praise.zh : praise.en);
    await page.locator('.feedback-form button[type="submit"]').click();
    await page.locator('[data-section="recommended"] .card').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test('every route has one heading, a title, a name for each control and a drawing for each picture', async () => {
    const opened = await visits.visit('', { locale });
    const { page } = opened;
    await untilLoaded(page);
    for (const route of routes) {
      await page.goto(visits.shop.url + route);
      await page.locator('main h1').waitFor();
      expect(await page.locator('h1').count(), route).toBe(1);
      expect(await page.title(), route).toMatch(/Halfacre|半亩/);
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('a, button, input, textarea, summary')]
          .filter((control) => {
            const labels = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement ? [...(control.labels ?? [])] : [];
            const name = [control.getAttribute('aria-label'), control.innerText, ...labels.map((label) => label.innerText)].join('').trim();
            return name === '' && control.getAttribute('aria-hidden') !== 'true';
          })
          .map((control) => control.outerHTML),
      );
      expect(nameless, route).toEqual([]);
      const missing = await page.evaluate(() =>
        [...document.querySelectorAll('use')]
          .map((use) => use.getAttribute('href') ?? '')
          .filter((href) => document.querySelector(href) === null),
      );
      expect(missing, route).toEqual([]);
    }
  });
});

test('both engine builds can be forced, say so, and judge alike', async () => {
  const readings: string[][] = [];
  for (const variant of ['simd128', 'relaxed']) {
    const opened = await visits.visit(`?variant=${variant}#/p/gooseneck-kettle`);
    const { page } = opened;
    await untilLoaded(page);
    expect(await page.locator('.badge').getAttribute('data-variant')).toBe(variant);
    const reading: string[] = [];
    for (const { text, label } of reviews) {
      await typeReview(page, text);
      await expect.poll(() => page.locator('.verdict').getAttribute('data-label')).toBe(label);
      // The text must have settled: its last words are part of what is judged.
      await page.waitForTimeout(1000);
      reading.push(`${await page.locator('.bar').getAttribute('aria-label')} ${await page.locator('.verdict-body').textContent()}`);
    }
    readings.push(reading);
    await opened.context.close();
  }
  expect(readings[0]).toEqual(readings[1]);
});

test('the badge tells what is loaded', async () => {
  const opened = await visits.visit();
  const { page } = opened;
  await untilLoaded(page);
  await page.locator('.badge summary').click();
  const text = await page.locator('.badge-panel').innerText();
  expect(text).toMatch(/simd128|relaxed/);
  expect(text).toMatch(/\d+(\.\d)? (kB|MB)/);
});

test('search finds products by what they are for, in both languages', async () => {
  for (const [locale, query, expected] of [
    ['en-US', 'coffee grinder', 'hand-grinder'],
    ['zh-CN', '手冲 咖啡', 'gooseneck-kettle'],
  ] as const) {
    const opened = await visits.visit('', { locale });
    const { page } = opened;
    await untilLoaded(page);
    await page.locator('#search').fill(query);
    await page.keyboard.press('Enter');
    await page.locator('[data-section="results"] .card').first().waitFor();
    const found = await page
      .locator('[data-section="results"] .card')
      .evaluateAll((cards) => cards.slice(0, 5).map((card) => card.getAttribute('data-id')));
    expect(found).toContain(expected);
    await opened.context.close();
  }
});
