/** The feedback form and the flow behind it, as a shopper uses them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complaint, praise, reviews } from './reviews.ts';
import { feedback, typeReview, untilLoaded, useShop, type Visit } from './support.ts';

const locales = { en: 'en-US', zh: 'zh-CN' };
const productPage = '#/p/gooseneck-kettle';
const visits = useShop();

async function open(path: string, language: 'en' | 'zh' = 'en') {
  const opened = await visits.visit(path, { locale: locales[language], acceptDownloads: true });
  await untilLoaded(opened.page);
  return opened.page;
}

const submit = (page: Visit['page']) => page.locator('.feedback-form button[type="submit"]').click();

describe('a review typed into a product page', () => {
  test.each(reviews)('gets the right verdict and shows the words that decided: $language $label', async ({ language, label, text }) => {
    const page = await open(productPage, language);
    await typeReview(page, text);
    await expect.poll(() => page.locator('.verdict').getAttribute('data-label')).toBe(label);

    const words = await page.locator('[data-evidence] li').evaluateAll((items) => items.map((item) => item.firstChild?.textContent ?? ''));
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) expect(text).toContain(word);
    expect(await page.locator('.editor-marks').textContent()).toBe(`${text} `);
    expect(await page.locator('.editor-marks mark').count()).toBeGreaterThan(0);
    expect(await page.locator('[data-keywords] li').count()).toBeGreaterThan(0);
  });

  test.each(['en', 'zh'] as const)('that is praise leads to thanks, an offer and suggestions with reasons: %s', async (language) => {
    const page = await open(productPage, language);
    await typeReview(page, praise[language]);
    await submit(page);
    await page.locator('[data-step="pleased"]').waitFor();
    await page.locator('[data-section="recommended"] .card').first().waitFor();
    const suggested = await page
      .locator('[data-section="recommended"] .card')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-id')));
    const similar = await page
      .locator('[data-section="similar"] .card')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-id')));
    expect(suggested).toHaveLength(4);
    expect(similar).toHaveLength(4);
    expect(suggested).not.toContain('gooseneck-kettle');
    expect(suggested.filter((id) => similar.includes(id))).toEqual([]);
    expect(await page.locator('[data-section="similar"] .word').count()).toBeGreaterThan(0);

    await page.locator('.offer button').click();
    await page.locator('.product .button').first().click();
    await page.locator('.tool[href="#/basket"]').click();
    await page.locator('.totals').waitFor();
    expect(await page.locator('.totals').textContent()).toMatch(/215[.,]10/);
  });

  test('that is a complaint leads to a decision with its reasons, and to a case that this device keeps', async () => {
    const page = await open(productPage);
    await typeReview(page, complaint.en);
    await submit(page);
    const form = page.locator('form[data-case="complaint"]');
    await form.waitFor();
    expect(await page.locator('.decision').getAttribute('data-route')).toBe('complaint');
    expect(await page.locator('.reasons li').count()).toBeGreaterThan(0);
    expect(await form.locator('textarea').inputValue()).toBe(complaint.en);
    expect(await form.getByLabel('Order number').inputValue()).toMatch(/^HA-/);
    expect(await page.locator('[data-section="recommended"]').count()).toBe(0);

    await form.locator('textarea').fill('');
    await form.locator('button[type="submit"]').click();
    expect(await form.locator('[data-field="description"] .problem').isVisible()).toBe(true);
    await form.locator('textarea').fill(complaint.en);
    await form.getByText('Quality', { exact: true }).click();
    await form.getByText('Exchange').click();
    await form.getByLabel('Order number').fill('HA-20418');
    await form.getByLabel('Phone or e-mail').fill('shopper@example.org');
    await form.locator('button[type="submit"]').click();

    await page.locator('[data-kept] a').click();
    await page.locator('.case-steps[data-state="mediate"]').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.case-columns .button-plain').click()]);
    const saved: unknown = JSON.parse(readFileSync(await download.path(), 'utf8'));
    const wanted = { text: complaint.en, kind: 'product_quality', wish: 'exchange', order: 'HA-20418', product: 'gooseneck-kettle' };
    expect(saved).toMatchObject({ format: 'aftersense-cases', cases: [{ ...wanted, state: 'mediate' }] });

    await page.reload();
    await page.locator('.case-steps').waitFor();
    const events = () => page.locator('.entry').evaluateAll((entries) => entries.map((entry) => entry.getAttribute('data-event')));
    expect(await events()).toEqual(['submit', 'note', 'open']);
    await page.locator('[data-move="note"] summary').click();
    await page.locator('#move-note').fill('It has got worse.');
    await page.locator('[data-move="note"] button').click();
    await expect.poll(events).toEqual(['note', 'submit', 'note', 'open']);

    await page.locator('.tool[href="#/cases"]').click();
    expect(await page.locator('.case .case-text').textContent()).toBe(complaint.en);
    await page.locator('.case a').click();
    await page.locator('[data-erase]').click();
    await page.locator('.case').waitFor({ state: 'detached' });
  });

  test('that is no clear judgement is asked about, and every way is open', async () => {
    const page = await open(productPage);
    await feedback(page).fill('12345');
    await submit(page);
    await page.locator('[data-step="unsure"]').waitFor();
    await page.locator('[data-open="question"]').click();
    await page.locator('[data-step="question"] .answers h4').waitFor();
    await page.locator('[data-open="person"]').click();
    await page.locator('form[data-case="person"] button[type="submit"]').click();
    expect(await page.locator('[data-field="contact"] .problem').isVisible()).toBe(true);
    await page.locator('[data-open="pleased"]').click();
    await page.locator('.offer').waitFor();
  });
});

describe('what was typed', () => {
  test('survives a language switch, another page, a reload, and another way through the flow', async () => {
    const page = await open(productPage);
    await typeReview(page, complaint.en);
    await submit(page);
    const form = page.locator('form[data-case="complaint"]');
    await form.getByLabel('Order number').fill('HA-7');
    await page.locator('#language').click();
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await feedback(page).inputValue()).toBe(complaint.en);
    expect(await form.getByLabel('订单号').inputValue()).toBe('HA-7');

    await page.locator('.logo').first().click();
    await page.locator('.hero').waitFor();
    await page.goBack();
    await form.waitFor();
    expect(await form.getByLabel('订单号').inputValue()).toBe('HA-7');

    await page.locator('[data-open="question"]').click();
    await page.locator('[data-open="complaint"]').click();
    expect(await form.getByLabel('订单号').inputValue()).toBe('HA-7');

    await page.reload();
    await form.waitFor();
    expect(await feedback(page).inputValue()).toBe(complaint.en);
  });

  test('is kept when the engine cannot be loaded, and judged after a retry', async () => {
    const opened = await visits.visit();
    const { page, context } = opened;
    let refuse = true;
    await context.route(/\.(wasm|aspack)$/, (route) => (refuse ? route.abort() : route.continue()));
    await page.goto(`${visits.shop.url}?variant=simd128${productPage}`);
    await page.locator('.badge[data-status="failed"]').waitFor({ timeout: 20_000 });
    await feedback(page).fill(praise.en);
    await submit(page);
    await page.locator('[data-step="unsure"]').waitFor();
    expect(await page.locator('[data-section="similar"] .card').count()).toBe(0);
    refuse = false;
    await page.locator('.verdict button').click();
    await untilLoaded(page);
    await expect.poll(() => page.locator('.verdict').getAttribute('data-label')).toBe('positive');
    expect(await feedback(page).inputValue()).toBe(praise.en);
    await page.locator('[data-section="similar"] .card').first().waitFor();
  });
});

test('the whole way from the front page to a kept complaint works by keyboard alone', async () => {
  const page = await open('');
  const focused = () => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? '');
  const tabTo = async (selector: string, limit = 80) => {
    for (let presses = 0; presses < limit; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    }
    throw new Error(`${selector} was not reached by Tab; focus is on ${await focused()}`);
  };
  await tabTo('.skip');
  await page.keyboard.press('Enter');
  await tabTo('.tile[href="#/c/kitchen"]');
  await page.keyboard.press('Enter');
  await page.locator('.breadcrumb').waitFor();
  await tabTo('.card-link[href="#/p/gooseneck-kettle"]');
  await page.keyboard.press('Enter');
  await feedback(page).waitFor();
  await tabTo('#feedback');
  await page.keyboard.type(complaint.en);
  await page.locator('.verdict[data-label="negative"]').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-step="complaint"]').waitFor();
  await expect.poll(focused).toContain('step-title');
  await tabTo('input[name="kind"]');
  await page.keyboard.press('Space');
  await tabTo('form[data-case="complaint"] button[type="submit"]');
  await page.keyboard.press('Enter');
  await page.locator('[data-kept]').waitFor();
});
