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
