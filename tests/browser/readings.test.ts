/** What is read beyond the verdict, by lite and by base: when it comes and how it is shown. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { complaint } from './reviews.ts';
import { feedback, untilLoaded, useShop } from './support.ts';

const productPage = '#/p/gooseneck-kettle';
const basePack = /aftersense-base[^/]*\.aspack$/;
const dangerous = {
  en: 'The lid got so hot it burned my hand. This is dangerous, I need an answer today.',
  zh: '插上电就冒烟，差点起火，太危险了！今天必须给我处理。',
};
const locales = { en: 'en-US', zh: 'zh-CN' };

const visits = useShop();

const verdict = (page: Page, tier: string) => page.locator(`.verdict[data-tier="${tier}"]`);
const rows = (page: Page) =>
  page.locator('[data-aspects] > li').evaluateAll((items) =>
    items.map((item) => ({
      polarity: item.getAttribute('data-polarity') ?? '',
      name: item.querySelector('b')?.textContent ?? '',
      quotes: [...item.querySelectorAll('q')].map((quote) => quote.textContent ?? ''),
    })),
  );

test('lite answers first; base takes its place while the text stands, and says so', async () => {
  const opened = await visits.visit();
  const { page, context } = opened;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(basePack, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${visits.shop.url}?variant=simd128${productPage}`);
  await page.locator('.badge[data-base="loading"]').waitFor();
  await feedback(page).fill(complaint.en);
  await verdict(page, 'lite').waitFor();
  expect(await page.locator('.reader progress').count()).toBe(1);
  expect(await page.locator('[data-evidence] li').first().isVisible()).toBe(true);

  release();
  await verdict(page, 'base').waitFor({ timeout: 90_000 });
  expect(await feedback(page).inputValue()).toBe(complaint.en);
  expect(await page.locator('.reader progress').count()).toBe(0);
  expect(await page.locator('.facts').count()).toBe(1);
  // The words that decided are still there for who asks.
  expect(await page.locator('[data-evidence] li').first().isVisible()).toBe(false);
  await page.locator('.more summary').click();
  expect(await page.locator('[data-evidence] li').first().isVisible()).toBe(true);
});

test('where base cannot be had, lite goes on and the page says why', async () => {
  const opened = await visits.visit();
  const { page, context } = opened;
  await context.route(basePack, (route) => route.abort());
  await page.goto(`${visits.shop.url}?variant=simd128${productPage}`);
  await page.locator('.badge[data-base="failed"]').waitFor();
  await feedback(page).fill(complaint.en);
  await verdict(page, 'lite').waitFor();
  expect(await page.locator('.verdict').getAttribute('data-label')).toBe('negative');
  expect(await page.locator('.reader').innerText()).toContain('could not be loaded');
  await page.locator('.badge summary').click();
  expect(await page.locator('.badge-panel').innerText()).toContain('base model');
});

describe.each(['en', 'zh'] as const)('a dangerous product in %s', (language) => {
  test.each([1280, 360])('is urgent, for a person, and quoted as it was written, at a width of %d', async (width) => {
    const text = dangerous[language];
    const opened = await visits.visit(productPage, { locale: locales[language], viewport: { width, height: 900 } });
    const { page } = opened;
    await untilLoaded(page);
    await feedback(page).fill(text);
    await verdict(page, 'base').waitFor();

    // Most pressing first.
    expect(await page.locator('.facts > div').first().getAttribute('data-fact')).toBe('urgency');
    expect(await page.locator('.facts').getAttribute('data-urgency')).toBe('P1');
    expect(await page.locator('.meter .step-on').count()).toBe(4);
    expect(await page.locator('.escalate').count()).toBe(1);
    expect(await page.locator('[data-fact="emotions"] dd').textContent()).not.toBe('');

    const aspects = await rows(page);
    expect(aspects.length).toBeGreaterThan(0);
    for (const { name, quotes } of aspects) {
      expect(name).not.toMatch(/_|^$/);
      for (const quote of quotes) expect(text).toContain(quote);
    }
    const marked = await page.locator('.editor-marks mark').evaluateAll((marks) => marks.map((mark) => mark.className));
    expect(marked.length).toBeGreaterThan(0);
    expect(aspects.map(({ polarity }) => polarity)).toEqual(expect.arrayContaining(marked));
    expect(await page.locator('.editor-marks').textContent()).toBe(`${text} `);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    // The ear gets the same, once it has stood for a while.
    await expect.poll(() => page.locator('.verdict [role="status"]').textContent()).toContain(aspects[0]?.name);
  });
});

test('a question asks for its answer, and nothing is offered', async () => {
  const opened = await visits.visit(productPage);
  const { page } = opened;
  await untilLoaded(page);
  await feedback(page).fill('Does this come in another size?');
  await verdict(page, 'base').waitFor();
  await page.locator('.feedback-form button[type="submit"]').click();
  await page.locator('form[data-case="question"]').waitFor();
  expect(await page.locator('.offer').count()).toBe(0);
});
