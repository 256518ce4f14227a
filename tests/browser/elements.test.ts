/** <aftersense-recommendations> in Chromium, with a desk that answers what the test says. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AnyRecommendRequest } from '../../dist/index.js';
import { useModulePage } from './module_page.ts';
import './support.ts';

const source = `
  export * from './index.ts';
  globalThis.probe = { followed: [] };
  export const item = (id, more = {}) => ({
    product: { id, title: 'Mug ' + id, description: '', category: '', brand: 'Ninth Kiln', tags: [], price: 79, currency: 'CNY', image: '', url: '#/p/' + id,
      availability: 'in_stock', ...more },
    score: 2,
    reason: {
      kind: 'rules', because: [], terms: [],
      text: { zh: '三成订单里一起买', en: 'Bought in 30% of the orders with it' },
      contributions: [
        { kind: 'rules', score: 1.5, measure: 0.3, because: [], text: { zh: '一起买', en: 'Bought together' } },
        { kind: 'popularity', score: 0.5, measure: 0.9, because: [], text: { zh: '热销', en: 'Popular now' } },
      ],
    },
  });
  /** Answers with what \`answer\` gives, and keeps what it was asked. */
  export function fakeDesk(answer, consented = false) {
    const desk = {
      asked: [], recorded: [],
      async recommend({ signal, ...request }) { desk.asked.push(request); desk.signal = signal; return answer(request); },
      profile: { consented: async () => consented, record: async (event) => { desk.recorded.push(event); } },
    };
    return desk;
  }
  export function put(attributes, properties = {}) {
    const element = Object.assign(document.createElement('aftersense-recommendations'), properties);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
    return element;
  }`;
const tabs = useModulePage('../../web/element', source, 'elements');

interface FakeDesk {
  readonly asked: AnyRecommendRequest[];
  readonly recorded: object[];
  readonly signal: AbortSignal;
}
/** What the page's script exports, as far as the tests use it inside the page. */
declare const elements: typeof import('../../dist/element/index.js') & {
  item(id: string, more?: object): object;
  fakeDesk(answer: (request: AnyRecommendRequest) => object[] | Promise<object[]>, consented?: boolean): FakeDesk;
  put(attributes: Record<string, string>, properties?: object): import('../../dist/element/index.js').AftersenseRecommendations;
};
/** What a test keeps in the page. */
declare const probe: { desk: FakeDesk; element: ReturnType<typeof elements.put>; failures: number; followed: string[] };

let page: Page;
beforeEach(async () => {
  page = await tabs.open();
  await page.evaluate(() => {
    document.documentElement.lang = 'en';
  });
});

const host = () => page.locator('aftersense-recommendations');
const cards = () => page.getByRole('listitem');
const state = () => host().getAttribute('state');
/** What can be read of it: an element's own `innerText` leaves its shadow tree away. */
const shown = (place = 0) => host().nth(place).locator('section').innerText();

describe('what is shown', () => {
  test('waits for a desk, then shows title, price, reason and what the score is made of', async () => {
    await page.evaluate(() => {
      probe.element = elements.put({ for: 'product', 'product-id': 'a', k: '3' });
    });
    await expect.poll(state).toBe('loading');
    await page.evaluate(() => {
      probe.desk = elements.fakeDesk(() => [elements.item('b'), elements.item('c', { salePrice: 59.5 })]);
      probe.element.desk = probe.desk as never;
    });
    await expect.poll(state).toBe('ready');
    expect(await page.evaluate(() => probe.desk.asked)).toEqual([{ for: 'product', id: 'a', k: 3 }]);
    expect(await cards().count()).toBe(2);
    const [first, second] = [await cards().nth(0).innerText(), await cards().nth(1).innerText()];
    expect(first).toContain('Mug b');
    expect(first).toContain('¥79');
    expect(first).toContain('Bought in 30% of the orders with it');
    expect(second.replace(/\s+/g, ' ')).toMatch(/Now ¥59\.50 Before ¥79/);
    const why = cards().nth(0).locator('details');
    expect(await why.locator('dl').isVisible()).toBe(false);
    await why.locator('summary').click();
    expect(
      (await why.locator('dl').innerText())
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ).toEqual(['Bought together', '75%', 'Popular now', '25%']);
    expect(await why.locator('rect').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('width')))).toEqual(['75', '25']);
  });

  test('names shared words as the product writes them, not as terms of the index', async () => {
    await page.evaluate(() => {
      const kettle = elements.item('k', { title: 'Gooseneck kettle', tags: ['pour-over'] }) as { reason: Record<string, unknown> };
      kettle.reason.kind = 'shared_terms';
      kettle.reason.terms = [{ term: 'pour', score: 1 }];
      elements.put({ for: 'profile' }, { desk: elements.fakeDesk(() => [kettle]) });
    });
    await expect.poll(() => page.locator('.word').allInnerTexts()).toEqual(['pour-over']);
  });

  test('has the structure that assistive technology reads', async () => {
    await page.evaluate(() => {
      elements.put(
        { for: 'product', 'product-id': 'a', heading: 'You may also like', 'heading-level': '3' },
        { desk: elements.fakeDesk(() => [elements.item('b')]) },
      );
    });
    await page.getByRole('region', { name: 'You may also like' }).waitFor();
    expect(await page.getByRole('heading', { name: 'You may also like', level: 3 }).count()).toBe(1);
    expect(await page.getByRole('heading', { name: 'Mug b', level: 4 }).count()).toBe(1);
    expect(await page.getByRole('list').getByRole('listitem').count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('href'))).toBe('#/p/b');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open]').count()).toBe(1);
    expect(await page.locator('summary').getAttribute('aria-label')).toBe('Why this? Mug b');
  });

  test('speaks the language of the nearest element that has one, and changes it without asking again', async () => {
    await page.evaluate(() => {
      document.documentElement.lang = 'zh-CN';
      probe.desk = elements.fakeDesk(() => [elements.item('b', { salePrice: 59 })]);
      probe.element = elements.put({ for: 'product', 'product-id': 'a' }, { desk: probe.desk });
    });
    await expect.poll(() => shown()).toContain('三成订单里一起买');
    expect(await shown()).toContain('为什么推荐？');
    await page.evaluate(() => probe.element.setAttribute('lang', 'en'));
    await expect.poll(() => shown()).toContain('Bought in 30% of the orders with it');
    expect(await page.evaluate(() => probe.desk.asked.length)).toBe(1);
  });

  test('hides where there is nothing to show, or it was not told what', async () => {
    await page.evaluate(() => {
      elements.put({ for: 'profile' }, { desk: elements.fakeDesk(() => []) });
      elements.put({ for: 'product' }, { desk: elements.fakeDesk(() => [elements.item('b')]) });
      elements.put({ for: 'no-such-surface' }, { desk: elements.fakeDesk(() => [elements.item('b')]) });
    });
    await expect.poll(() => host().evaluateAll((all) => all.map((each) => each.getAttribute('state')))).toEqual(['empty', 'idle', 'idle']);
    for (const each of await host().all()) expect(await each.isVisible()).toBe(false);
  });

  test('says so when the desk fails, keeps the error, and asks again when told to', async () => {
    await page.evaluate(() => {
      probe.failures = 1;
      const desk = elements.fakeDesk(async () => {
        if (probe.failures-- > 0) throw new Error('no catalogue');
        return [elements.item('b')];
      });
      probe.element = elements.put({ for: 'profile' }, { desk });
    });
    await expect.poll(state).toBe('error');
    expect(await page.evaluate(() => String(probe.element.error))).toBe('Error: no catalogue');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(state).toBe('ready');
    expect(await page.evaluate(() => probe.element.error)).toBeUndefined();
  });

  test('shows offers and articles too', async () => {
    await page.evaluate(() => {
      const reason = { kind: 'saving', text: { zh: '省 15%', en: 'Saves 15%' }, because: [], terms: [], contributions: [] };
      const offer = {
        id: 'o',
        kind: 'percent',
        value: 15,
        title: 'Tea week',
        description: 'On all teas',
        code: 'TEA15',
        currency: 'CNY',
        leastSpend: 150,
        ends: Date.UTC(2030, 0, 2, 12),
        products: [],
        categories: [],
        brands: [],
        image: '',
        url: '',
      };
      const article = {
        id: 'r',
        kind: 'article',
        title: 'How to descale a kettle',
        description: 'Ten minutes',
        about: [],
        tags: [],
        image: '',
        url: '#/care/r',
      };
      elements.put({ for: 'offer' }, { desk: elements.fakeDesk(() => [{ offer, score: 0, reason, products: [] }]) });
      elements.put({ for: 'content' }, { desk: elements.fakeDesk(() => [{ article, score: 1, reason }]) });
    });
    await expect.poll(() => shown()).toMatch(/Tea week[\s\S]*From ¥150 · Until Jan 2, 2030[\s\S]*Code TEA15[\s\S]*Saves 15%/);
    await expect.poll(() => host().nth(1).getByRole('link').getAttribute('href')).toBe('#/care/r');
  });

  test('makes no link of an address that is code', async () => {
    await page.evaluate(
      () =>
        elements.put(
          { for: 'profile' },
          { desk: elements.fakeDesk(() => [elements.item('b', { url: 'javascript:alert(1)', image: 'javascript:alert(2)' })]) },
        ) && undefined,
    );
    await expect.poll(state).toBe('ready');
    expect(await page.getByRole('link').count()).toBe(0);
    expect(await page.locator('img').count()).toBe(0);
  });
});

describe('what it asks', () => {
  test('takes `request` in place of the attributes, and asks once for several changes', async () => {
    await page.evaluate(() => {
      probe.desk = elements.fakeDesk(() => [elements.item('b')]);
      probe.element = elements.put({ for: 'product', 'product-id': 'a' }, { desk: probe.desk });
      probe.element.setAttribute('product-id', 'x');
      probe.element.request = { for: 'query', text: 'tea', k: 7 };
    });
    await expect.poll(state).toBe('ready');
    expect(await page.evaluate(() => probe.desk.asked)).toEqual([{ for: 'query', text: 'tea', k: 7 }]);
  });

  test('a newer question supersedes one under way, and going away stops it', async () => {
    await page.evaluate(() => {
      probe.desk = elements.fakeDesk((request) =>
        'id' in request && request.id === 'slow' ? new Promise<object[]>(() => {}) : [elements.item('quick')],
      );
      probe.element = elements.put({ for: 'product', 'product-id': 'slow' }, { desk: probe.desk });
    });
    await expect.poll(() => page.evaluate(() => probe.desk.asked.length)).toBe(1);
    const stopped = await page.evaluate(async () => {
      const { signal } = probe.desk;
      probe.element.setAttribute('product-id', 'other');
      await new Promise((resolve) => setTimeout(resolve));
      return signal.aborted;
    });
    expect(stopped).toBe(true);
    await expect.poll(() => shown()).toContain('Mug quick');
    await page.evaluate(() => probe.element.remove());
    expect(await page.evaluate(() => probe.desk.signal.aborted)).toBe(true);
  });

  test('properties that were set before the class was there count', async () => {
    await page.evaluate(() => {
      const early = document.createElement('later-recommendations') as never as Record<string, unknown>;
      early.desk = elements.fakeDesk(() => [elements.item('b')]);
      early.request = { for: 'profile' };
      document.body.append(early as never);
      customElements.define('later-recommendations', class extends elements.AftersenseRecommendations {});
    });
    await expect.poll(() => page.locator('later-recommendations').getAttribute('state')).toBe('ready');
  });
});

describe('what it tells', () => {
  test('aftersense-select carries the recommendation, and can be cancelled', async () => {
    await page.evaluate(() => {
      probe.element = elements.put({ for: 'profile' }, { desk: elements.fakeDesk(() => [elements.item('b'), elements.item('c')]) });
      document.addEventListener('aftersense-select', (event) => {
        const { product } = (event as CustomEvent<{ product: { id: string } }>).detail;
        probe.followed.push(product.id);
        if (product.id === 'b') event.preventDefault();
      });
    });
    await page.getByRole('link').nth(0).click();
    expect(await page.evaluate(() => location.hash)).toBe('');
    await page.getByRole('link').nth(1).click();
    expect(await page.evaluate(() => location.hash)).toBe('#/p/c');
    expect(await page.evaluate(() => probe.followed)).toEqual(['b', 'c']);
  });

  test.each([true, false])('cards count as shown once they were in sight for a second; consent: %s', async (consented) => {
    await page.evaluate((given) => {
      const space = document.createElement('div');
      // Through the object model, as a page's own code may; no policy is in force here.
      space.style.height = '200vh';
      document.body.append(space);
      probe.desk = elements.fakeDesk(() => ['b', 'c'].map((id) => elements.item(id)), given);
      probe.element = elements.put({ for: 'profile' }, { desk: probe.desk });
      probe.element.addEventListener('aftersense-shown', (event) => {
        probe.followed.push(
          ...(event as CustomEvent<{ items: { product: { id: string } }[] }>).detail.items.map(({ product }) => product.id),
        );
      });
    }, consented);
    await expect.poll(state).toBe('ready');
    await page.waitForTimeout(1500);
    expect(await page.evaluate(() => probe.followed)).toEqual([]);
    await page.evaluate(() => probe.element.scrollIntoView());
    await expect.poll(() => page.evaluate(() => probe.followed), { timeout: 10_000 }).toEqual(['b', 'c']);
    await page.evaluate(() => scrollTo(0, 0));
    await page.evaluate(() => probe.element.scrollIntoView());
    await page.waitForTimeout(1500);
    expect(await page.evaluate(() => probe.followed)).toEqual(['b', 'c']);
    expect(await page.evaluate(() => probe.desk.recorded)).toEqual(consented ? [{ kind: 'shown', products: ['b', 'c'] }] : []);
  });

  test("pictures of the page's own stand in its tree, one a card, and go with the cards", async () => {
    await page.evaluate(() => {
      const picture = (item: { product: { id: string } }) =>
        Object.assign(document.createElement('b'), { textContent: `picture of ${item.product.id}` });
      probe.element = elements.put(
        { for: 'profile' },
        { desk: elements.fakeDesk(() => [elements.item('b'), elements.item('c')]), picture },
      );
    });
    await expect.poll(state).toBe('ready');
    expect(await host().locator('> b').allInnerTexts()).toEqual(['picture of b', 'picture of c']);
    expect(
      await cards()
        .nth(1)
        .locator('slot')
        .evaluate((slot) => (slot as HTMLSlotElement).assignedElements()[0]?.textContent),
    ).toBe('picture of c');
    await page.evaluate(() => {
      probe.element.request = { for: 'product', id: 'none' };
      probe.element.desk = elements.fakeDesk(() => []) as never;
    });
    await expect.poll(state).toBe('empty');
    expect(await host().locator('> b').count()).toBe(0);
  });
});

describe('<aftersense-feedback>', () => {
  /** Puts one into the page, over a desk that finds “broken” in what is negative. */
  const putFeedback = () =>
    page.evaluate(() => {
      const desk = {
        analysed: [] as string[],
        async analyze(text: string, { signal, onUpdate }: { signal: AbortSignal; onUpdate: (better: object) => void }) {
          desk.analysed.push(text);
          if (text.includes('refuse')) throw new Error('no');
          const label = /broken|坏/.test(text) ? 'negative' : 'positive';
          const reading = (confidence: number, tier: string) => ({ tier, abstained: text === '???', sentiment: { label, confidence } });
          setTimeout(() => !signal.aborted && onUpdate(reading(0.97, 'base')), 60);
          return reading(0.9, 'lite');
        },
        triage: async ({ sentiment }: { sentiment: { label: string } }, { text, order }: { text: string; order?: object }) => ({
          route: sentiment.label === 'negative' ? 'complaint' : 'offer',
          text,
          order,
        }),
      };
      const element = document.createElement('aftersense-feedback');
      Object.assign(element, { desk, triageOptions: { order: { value: 79 } } });
      Object.assign(probe, { feedback: element, judge: desk, handed: [] });
      element.addEventListener('aftersense-feedback', (event) =>
        (probe as never as { handed: object[] }).handed.push((event as CustomEvent<object>).detail),
      );
      document.body.append(element);
    });
  const status = () => page.getByRole('status').innerText();
  const handed = () =>
    page.evaluate(() => (probe as never as { handed: { text: string; decision: object; analysis: { tier: string } }[] }).handed);
  const analysed = () => page.evaluate(() => (probe as never as { judge: { analysed: string[] } }).judge.analysed);

  test('judges what is typed after a pause, and again when base has read it', async () => {
    await putFeedback();
    await page.getByLabel('How did it go?').pressSequentially('it is broken', { delay: 5 });
    await expect.poll(status).toBe('Sounds as if something went wrong (97%)');
    expect(await analysed()).toEqual(['it is broken']);
    await page.getByLabel('How did it go?').fill('???');
    await expect.poll(status).toMatch(/^Nothing to judge yet/);
    await page.getByLabel('How did it go?').fill('');
    await expect.poll(status).toBe('');
  });

  test('hands in the text with its analysis and the decision, and nothing where nothing is written', async () => {
    await putFeedback();
    const button = page.getByRole('button', { name: 'Hand in' });
    await button.click();
    expect(await handed()).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id)).toBe('text');
    await page.keyboard.type('broken lid');
    await button.click();
    await expect.poll(async () => (await handed()).length).toBe(1);
    expect((await handed())[0]).toMatchObject({
      text: 'broken lid',
      analysis: { sentiment: { label: 'negative' } },
      decision: { route: 'complaint', text: 'broken lid', order: { value: 79 } },
    });
  });

  test('says so when it cannot be read, keeps the text, and judges the next', async () => {
    await putFeedback();
    await page.getByLabel('How did it go?').fill('refuse');
    await expect.poll(status).toMatch(/^It could not be read/);
    await page.getByRole('button').click();
    expect(await handed()).toEqual([]);
    expect(await page.getByLabel('How did it go?').inputValue()).toBe('refuse');
    await page.getByLabel('How did it go?').fill('lovely');
    await expect.poll(status).toMatch(/^Sounds pleased/);
  });

  test('speaks Chinese where the page does', async () => {
    await page.evaluate(() => {
      document.documentElement.lang = 'zh-CN';
    });
    await putFeedback();
    await page.getByLabel('用得怎么样？').fill('一周就坏了');
    await expect.poll(status).toBe('听起来出了点问题（97%）');
    expect(await page.getByRole('button').innerText()).toBe('提交');
  });
});
