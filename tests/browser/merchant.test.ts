/** The merchant's page: policy, cases, answers and trends, beside a shopper's page in the same browser. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { complaint } from './reviews.ts';
import { typeReview, untilLoaded, useShop, type Visit, type visit } from './support.ts';

const tabs = ['cases', 'policy', 'answers', 'trends'] as const;
/** The reader is slow on a busy machine. */
const patiently = { timeout: 60_000 };
const productPage = '#/p/gooseneck-kettle';
const visits = useShop();

async function untilReady(page: Page): Promise<void> {
  await page.locator('.badge[data-status="ready"][data-base="ready"]').waitFor();
  await page.waitForLoadState('networkidle');
}

async function open(tab: (typeof tabs)[number], options: Parameters<typeof visit>[2] = { locale: 'en-US' }): Promise<Page> {
  const opened = await visits.visit(`merchant/#${tab}`, options);
  await untilReady(opened.page);
  return opened.page;
}

/** The shopper's page, in the browser of the merchant's. */
async function shopper(path: string): Promise<Page> {
  const page = await (visits.opened as Visit).context.newPage();
  await page.goto(visits.shop.url + path);
  await untilLoaded(page);
  return page;
}

const editor = (page: Page) => page.locator('#policy-json');
const save = (page: Page) => page.locator('[data-save]');

/** As a paste does. Typing all of it, as `fill` would, takes Chromium half a minute. */
const paste = (page: Page, text: string) =>
  editor(page).evaluate((area: HTMLTextAreaElement, pasted) => {
    area.value = pasted;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);

/** Puts a rule before all others. */
async function addRule(page: Page, rule: Readonly<Record<string, unknown>>): Promise<void> {
  const policy = JSON.parse(await editor(page).inputValue()) as { rules: unknown[] };
  policy.rules.unshift(rule);
  await paste(page, JSON.stringify(policy, null, 2));
}

const leaks = {
  id: 'leaks',
  when: { words: ['leaked'] },
  // biome-ignore lint/suspicious/noThenProperty: the name in the policy's schema
  then: { route: 'human', priority: 'P1', skill: 'repairs', stop: true },
  reason: { en: 'Something leaks', zh: '漏水' },
};

describe('the policy', () => {
  test('that is edited decides the message beside it at once, and in the shop when it is saved', async () => {
    const page = await open('policy');
    expect(await page.locator('.rule').count()).toBeGreaterThan(20);
    await page.locator('#try-text').fill(complaint.en);
    const report = page.locator('.try .report');
    await expect.poll(() => report.getAttribute('data-route'), patiently).toBe('complaint');
    const buyer = await shopper(productPage);

    await page.bringToFront();
    await addRule(page, leaks);
    await expect.poll(() => report.getAttribute('data-route'), patiently).toBe('human');
    expect(await report.locator('[data-rule="leaks"]').textContent()).toContain('leaked');
    expect(await page.locator('.rule').first().textContent()).toContain('Something leaks');
    await buyer.bringToFront();
    await typeReview(buyer, complaint.en);
    await buyer.locator('.feedback-form button[type="submit"]').click();
    await buyer.locator('form[data-case="complaint"]').waitFor();

    await page.bringToFront();
    await save(page).click();
    await expect.poll(() => page.locator('#policy-status').getAttribute('data-state'), patiently).toBe('saved');
    await buyer.bringToFront();
    await typeReview(buyer, `${complaint.en} Again.`);
    await buyer.locator('.feedback-form button[type="submit"]').click();
    await buyer.locator('form[data-case="person"]').waitFor();

    await page.reload();
    await page.locator('.rule[data-rule="leaks"]').waitFor();
    await page.locator('[data-reset]').click();
    await page.locator('.rule[data-rule="leaks"]').waitFor({ state: 'detached' });
  });

  test.each([
    ['an unknown field', (text: string) => text.replace('"words"', '"wrds"'), 'unknown_field', '/rules/0/when/wrds', '"wrds"'],
    [
      'an unknown team',
      (text: string) => text.replace('"skill": "legal"', '"skill": "law"'),
      'unknown_skill',
      '/rules/3/then/skill',
      '"skill"',
    ],
    ['what is missing', (text: string) => text.replace('"version": 1,', ''), 'missing_field', '/version', '{'],
    ['what is no JSON', (text: string) => text.replace('"version": 1,', '"version": 1'), 'syntax', '', '"name"'],
  ])('with %s is refused, with the path and the place', async (_, change, code, path, place) => {
    const page = await open('policy');
    const text = change(await editor(page).inputValue());
    await paste(page, text);
    const problem = page.locator(`.problems [data-code="${code}"]`);
    await problem.waitFor();
    expect(await problem.getAttribute('data-path')).toBe(path);
    expect(await save(page).isDisabled()).toBe(true);
    expect(await editor(page).getAttribute('aria-invalid')).toBe('true');
    await problem.locator('button').click();
    const start = await editor(page).evaluate((area: HTMLTextAreaElement) => area.selectionStart);
    expect(text.slice(start, start + place.length)).toBe(place);
    expect(await page.locator('.json-numbers .error').textContent()).toBe(String(text.slice(0, start).split('\n').length));
    expect(await page.evaluate(() => localStorage.getItem('halfacre.policy'))).toBeNull();
  });

  test('takes the facts of order and customer into account, and says what it does not know', async () => {
    const page = await open('policy');
    await page.locator('#try-text').fill('I want a refund for this mug please.');
    const report = page.locator('.try .report');
    await report.locator('[data-missing="order.daysSinceDelivery"]').waitFor();
    await page.locator('#try-daysSinceDelivery').fill('3');
    await report.locator('[data-rule="refund_in_time"]').waitFor();
    await page.locator('#try-pastContacts').fill('-1');
    await page.locator('.try-result .problem').waitFor();
  });
});

/** A case that a shopper hands in, by the form of the shop. */
async function handIn(page: Page): Promise<string> {
  await typeReview(page, complaint.en);
  await page.locator('.feedback-form button[type="submit"]').click();
  const form = page.locator('form[data-case="complaint"]');
  await form.getByText('Quality', { exact: true }).click();
  await form.getByText('Refund', { exact: true }).click();
  await form.locator('button[type="submit"]').click();
  await page.locator('[data-kept] a').click();
  await page.locator('.case-steps[data-state="mediate"]').waitFor();
  return decodeURIComponent(new URL(page.url()).hash.split('/').at(-1) ?? '');
}

describe('a case', () => {
  test('goes back and forth between shopper and shop, each seeing what the other did', async () => {
    const page = await open('cases');
    const buyer = await shopper(productPage);
    const id = await handIn(buyer);
    await page.locator(`[data-case-id="${id}"] a`).click();
    expect(await page.locator('blockquote').textContent()).toBe(complaint.en);
    await page.locator('.case-page .report [data-rule]').first().waitFor();

    await page.locator('form[data-move="propose"] input[value="refund"]').check();
    await page.locator('#propose-text').fill('You get all of it back.');
    await page.locator('form[data-move="propose"] button').click();
    await buyer.getByText('You get all of it back.').waitFor();
    await buyer.getByRole('button', { name: 'Accept', exact: true }).click();
    await page.locator('.case-steps[data-state="plan"]').waitFor();

    await page.locator('form[data-move="start"] button').click();
    await page.getByRole('alert').getByText('A plan needs steps').waitFor();
    await page.locator('#schedule-steps').fill('Pay it back\nSay that it is done');
    await page.locator('form[data-move="schedule"] button').click();
    await page.locator('.plan li').nth(1).waitFor();
    await page.locator('form[data-move="start"] button').click();
    await page.locator('[data-step]').first().click();
    await page.locator('[data-step]').nth(1).waitFor({ state: 'detached' });
    await page.locator('[data-step]').click();
    await page.locator('form[data-move="complete"] button').click();
    await buyer.getByRole('button', { name: 'Yes, it is settled' }).click();
    await page.locator('.case-steps[data-state="closed"]').waitFor();
  });

  test('is given to whom the desk ranks first; the table of people decides who that is', async () => {
    const page = await open('cases');
    await page.locator('[data-samples="fill"]').click();
    await page.locator('.case-table a').first().click();
    const first = page.locator('.ranking [data-ranked]').first();
    await first.waitFor();
    const name = (await first.getAttribute('data-ranked')) ?? '';
    await page.locator('.team > summary').click();
    const capacity = page.locator(`[data-agent="${name}"] input[type="number"]`).nth(1);
    const before = await capacity.inputValue();
    await capacity.fill('0');
    await capacity.blur();
    await page.locator(`.ranking-refused [data-ranked="${name}"]`).getByText('is full').waitFor();
    await capacity.fill(before);
    await capacity.blur();
    await page.locator(`ol.ranking [data-ranked="${name}"] button`).click();
    await page.locator('.entry[data-event="note"]').getByText(`${name} takes this case.`).waitFor();
  });
});

describe('the answers', () => {
  test('are suggested for a question, with what the order tells filled in and the rest asked for', async () => {
    const page = await open('answers');
    await expect.poll(() => page.locator('#answers-status').getAttribute('data-status'), patiently).toBe('ready');
    await page.locator('#try-question').fill('Which company delivers my order and what is the tracking number?');
    const found = page.locator('[data-suggestion="ans_001"]');
    await found.waitFor();
    expect(await found.locator('.suggestion-text').textContent()).toContain('HA-20400');
    expect(await found.getAttribute('data-sendable')).toBe('false');
    for (const slot of await found.locator('.missing label').allTextContents()) {
      await page.locator('[data-suggestion="ans_001"]').getByLabel(slot, { exact: true }).fill(`the ${slot}`);
      await page.keyboard.press('Tab');
      await expect
        .poll(() => page.locator('[data-suggestion="ans_001"] .suggestion-text').textContent(), patiently)
        .toContain(`the ${slot}`);
    }
    await expect.poll(() => found.getAttribute('data-sendable'), patiently).toBe('true');
    await page.locator('#try-question').fill('Tell me a joke about cats.');
    await page.locator('.try-result .abstained').waitFor();
  });

  test('are found by search, and changed only to what can be sent', async () => {
    const page = await open('answers');
    await page.locator('#answer-search').fill('invoice');
    const card = page.locator('[data-answer]').first();
    await card.locator('[data-edit]').click();
    const english = card.locator('textarea[name="en"]');
    const before = await english.inputValue();
    for (const [text, code] of [
      [`${before} <b>Now!</b>`, 'markup'],
      [`${before} {moon_phase}`, 'undeclared_slot'],
      ['', 'empty'],
    ] as const) {
      await english.fill(text);
      await card.locator('button[type="submit"]').click();
      await card.locator(`[data-of="en"] [data-code="${code}"]`).waitFor();
    }
    await english.fill(`${before} Ask us anything.`);
    await card.locator('button[type="submit"]').click();
    await expect.poll(() => card.textContent(), patiently).toContain('Ask us anything.');
    await page.reload();
    await page.locator('.topic > summary .chip-then').waitFor();
  });
});

describe('the trends', () => {
  test('of sample cases call out what rises, with the counts in charts and in a table', async () => {
    const page = await open('trends');
    await page.locator('.empty').waitFor();
    await page.locator('[data-samples="fill"]').click();
    const callout = page.locator('[data-rising="logistics"]');
    await callout.waitFor();
    expect(await callout.textContent()).toMatch(/p = 0\.0/);
    const titles = await page.locator('[data-trend="logistics"] rect title').allTextContents();
    expect(titles).toHaveLength(13);
    const cells = await page.locator('[data-row="logistics"] td').allTextContents();
    expect(cells.slice(0, 13)).toEqual(titles.map((title) => title.split(': ')[1]));
    await page.getByLabel('Wish').check();
    await page.locator('[data-trend="refund"]').waitFor();

    await page.locator('[data-samples="remove"]').click();
    await page.locator('.empty').waitFor();
    expect(await page.locator('[data-trend]').count()).toBe(0);
  });

  test('are reported by consent alone, the same report for the same week, within the budget', async () => {
    const page = await open('trends');
    expect(await page.locator('#report-make').count()).toBe(0);
    await page.getByRole('switch').check();
    await page.locator('#report-make').click();
    const preview = page.locator('[data-report]');
    await preview.waitFor();
    const first = await preview.textContent();
    expect(JSON.parse(first ?? '')).toMatchObject({ format: 'aftersense-trend-report', epsilon: 1 });
    expect(await page.locator('.budget').textContent()).toContain('3 of 4');
    await page.reload();
    await page.locator('#report-make').click();
    await preview.waitFor();
    expect(await preview.textContent()).toBe(first);

    await page.locator('#report-epsilon').selectOption('2');
    await page.locator('#report-make').click();
    await page.getByRole('alert').getByText('Refused').waitFor();
    expect(await preview.count()).toBe(0);
    await page.getByRole('switch').uncheck();
    await page.locator('#report-make').waitFor({ state: 'detached' });
  });
});

describe('the page', () => {
  test('asks for nothing after load, whatever one does', async () => {
    const page = await open('answers');
    await expect.poll(() => page.locator('#answers-status').getAttribute('data-status'), patiently).toBe('ready');
    const seen: string[] = [];
    visits.opened?.context.on('request', (request) => {
      if (!request.url().startsWith('blob:')) seen.push(request.url());
    });
    visits.shop.traffic.length = 0;
    for (const _ of ['en', 'zh']) {
      await page.locator('#tab-answers').click();
      await page.locator('[data-suggestion], .try-result .abstained').first().waitFor();
      await page.locator('#tab-policy').click();
      await page.locator('.try .report').waitFor();
      await page.locator('#tab-trends').click();
      await page.locator('[data-samples]').waitFor();
      const fill = page.locator('[data-samples="fill"]');
      if (await fill.count()) await fill.click();
      await page.locator('.charts figure').first().waitFor();
      await page.locator('#tab-cases').click();
      await page.locator('.case-table a').first().click();
      await page.locator('.case-page .report').waitFor();
      await page.locator('#language').click();
    }
    await page.waitForTimeout(1000);
    expect(seen).toEqual([]);
    expect(visits.shop.traffic).toEqual([]);
    expect(visits.opened?.incidents).toEqual([]);
  });

  test.each(['en-US', 'zh-CN'])('fits a phone, and names every control: %s', async (locale) => {
    const page = await open('cases', { locale, viewport: { width: 360, height: 740 } });
    await page.locator('[data-samples="fill"]').click();
    await page.locator('.case-table a').first().waitFor();
    const check = async (name: string) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(360);
      expect(await page.locator('h1').count(), name).toBe(1);
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('a, button, input, select, textarea, summary')]
          .filter((control) => {
            const labels = 'labels' in control ? [...((control as HTMLInputElement).labels ?? [])] : [];
            const name = [control.getAttribute('aria-label'), control.textContent, ...labels.map((label) => label.textContent)]
              .join('')
              .trim();
            return name === '';
          })
          .map((control) => control.outerHTML),
      );
      expect(nameless, name).toEqual([]);
    };
    for (const tab of tabs) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator(`#tab-${tab}[aria-selected="true"]`).waitFor();
      await page.waitForTimeout(300);
      await check(tab);
    }
    await page.locator('#tab-cases').click();
    await page.locator('.case-table a').first().click();
    await page.locator('.case-page .report').waitFor();
    await page.locator('.team > summary').click();
    await check('case');
  });

  test('is used by keyboard: arrows move among the tabs', async () => {
    const page = await open('cases');
    await page.locator('#tab-cases').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('#tab-policy[aria-selected="true"]').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-policy');
    expect(new URL(page.url()).hash).toBe('#policy');
    await page.keyboard.press('End');
    await page.locator('#tab-trends[aria-selected="true"]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('#tab-cases[aria-selected="true"]').waitFor();
  });
});
