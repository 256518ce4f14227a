/** The shop's own products: complete in both languages, and each with a drawing that the policy allows. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drawPicture, drawSprite } from '../../demo/art/index.mjs';

interface Text {
  title: string;
  description: string;
  brand: string;
  tags: string[];
}
interface SourceProduct {
  id: string;
  category: string;
  price: number;
  salePrice?: number;
  role?: 'spare_part' | 'accessory';
  fits?: string[];
  lastsDays?: number;
  art: { drawing: string; palette: string; variant: number };
  en: Text;
  zh: Text;
}

const read = (name: string) => readFileSync(new URL(`../../demo/${name}`, import.meta.url), 'utf8');
const products = read('products.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SourceProduct);
const categories = JSON.parse(read('categories.json')) as { id: string; picture: string }[];

describe('the product list', () => {
  test('has at least 120 products in nine categories, each id and title once', () => {
    expect(products.length).toBeGreaterThanOrEqual(120);
    expect(new Set(products.map(({ category }) => category))).toEqual(new Set(categories.map(({ id }) => id)));
    for (const key of [
      (p: SourceProduct) => p.id,
      (p: SourceProduct) => p.en.title,
      (p: SourceProduct) => p.zh.title,
      (p: SourceProduct) => p.en.description,
      (p: SourceProduct) => p.zh.description,
    ]) {
      expect(new Set(products.map(key)).size).toBe(products.length);
    }
  });

  test('is complete in both languages, and Chinese is Chinese', () => {
    for (const product of products) {
      expect(product.price, product.id).toBeGreaterThan(0);
      for (const text of [product.en, product.zh]) {
        expect(
          [text.title, text.description, text.brand].every((part) => part.trim() !== ''),
          product.id,
        ).toBe(true);
        expect(text.tags.length, product.id).toBeGreaterThanOrEqual(3);
      }
      expect(product.zh.description, product.id).toMatch(/\p{Script=Han}{4}/u);
      expect(JSON.stringify(product.en), product.id).not.toMatch(/\p{Script=Han}/u);
    }
  });

  test('names a product picture for each category', () => {
    for (const { picture, id } of categories) expect(products.find((product) => product.id === picture)?.category).toBe(id);
  });
});

describe('what goes with the products', () => {
  const byId = new Map(products.map((product) => [product.id, product]));
  const lines = <T>(name: string) =>
    read(name)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);

  test('parts and accessories fit things that are sold, and nothing else fits anything', () => {
    expect(products.filter(({ role }) => role === 'spare_part').length).toBeGreaterThanOrEqual(5);
    for (const { id, role, fits } of products) {
      expect(role === undefined, id).toBe(fits === undefined);
      for (const fitted of fits ?? [])
        expect(byId.get(fitted)?.role, `${id} fits ${fitted}`).toBe(byId.has(fitted) ? undefined : 'missing');
    }
  });

  test('a sale is below the price, and what is used up lasts some days', () => {
    for (const { id, price, salePrice, lastsDays } of products) {
      if (salePrice !== undefined) expect(salePrice, id).toBeLessThan(price);
      if (lastsDays !== undefined) expect(lastsDays, id).toBeGreaterThan(0);
    }
  });

  test('care guides are whole in both languages, and about things that are sold', () => {
    type Guide = { id: string; picture: string; about: string[] } & Record<
      'en' | 'zh',
      { title: string; summary: string; tags: string[]; steps: string[] }
    >;
    const guides = lines<Guide>('articles.jsonl');
    expect(guides.length).toBeGreaterThanOrEqual(8);
    expect(new Set(guides.map(({ id }) => id)).size).toBe(guides.length);
    for (const { id, picture, about, en, zh } of guides) {
      for (const product of [picture, ...about]) expect(byId.has(product), `${id}: ${product}`).toBe(true);
      expect(zh.steps, id).toHaveLength(en.steps.length);
      expect(en.steps.length, id).toBeGreaterThanOrEqual(4);
      expect(JSON.stringify(en), id).not.toMatch(/\p{Script=Han}/u);
      for (const text of [zh.title, zh.summary, ...zh.steps]) expect(text, id).toMatch(/\p{Script=Han}{3}/u);
    }
  });

  test('offers can be reached: no least spend is above what there is to buy', () => {
    type ShopOffer = { id: string; code: string; leastSpend: number; category?: string };
    const offers = lines<ShopOffer>('offers.jsonl');
    expect(new Set(offers.map(({ code }) => code)).size).toBe(offers.length);
    for (const { id, leastSpend, category } of offers) {
      const forSale = products.filter((product) => category === undefined || product.category === category);
      expect(
        forSale.reduce((sum, { price }) => sum + price, 0),
        id,
      ).toBeGreaterThan(leastSpend);
    }
  });

  test('what orders taught is of these products', () => {
    const [, ...learnt] = lines<{ id: string }>('interactions.jsonl');
    expect(learnt.map(({ id }) => id).filter((id) => !byId.has(id))).toEqual([]);
    expect(learnt.length).toBeGreaterThan(100);
  });
});

describe('the drawings', () => {
  test('are sound numbers and differ between any two products', () => {
    const drawn = products.map(({ art }) => drawPicture(art));
    for (const [at, markup] of drawn.entries()) expect(markup, products[at]?.id).not.toMatch(/NaN|undefined|null|\[object/);
    expect(new Set(drawn).size).toBe(products.length);
  });

  test('use no inline style, script or foreign address, and define every fill they refer to', () => {
    const sprite = drawSprite(products);
    expect(sprite).not.toMatch(/style=|<style|<script|\son\w+=|href=/);
    expect(sprite.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
    for (const [, id] of sprite.matchAll(/url\(#([^)]+)\)/g)) expect(sprite).toContain(`id="${id}"`);
  });
});
