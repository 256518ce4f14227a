/**
 * Builds the files the storefront serves beside its code, from `products.jsonl` and the drawings:
 *   build/demo/public/pictures.svg        one <symbol> a product
 *   build/demo/public/catalog.{zh,en}.bin catalogues for `desk.catalog.load`, written by the `aftersense` command
 * Run it after the package is built: `node demo/prepare.mjs`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawSprite } from './art/index.mjs';

const languages = ['zh', 'en'];
const at = (relative) => fileURLToPath(new URL(relative, import.meta.url));

function readProducts() {
  const lines = readFileSync(at('products.jsonl'), 'utf8').trim().split('\n');
  const products = lines.map((line) => JSON.parse(line));
  const ids = new Set(products.map((product) => product.id));
  if (ids.size !== products.length) throw new Error('products.jsonl: two products have the same id');
  return products;
}

/** The columns `aftersense catalog build` reads, in one language. */
const catalogRow = (product, language, categoryName) => ({
  id: product.id,
  title: product[language].title,
  description: product[language].description,
  category: categoryName,
  brand: product[language].brand,
  tags: product[language].tags,
  price: product.price,
  currency: 'CNY',
  image: `pictures.svg#picture-${product.id}`,
  url: `#/p/${product.id}`,
});

function buildCatalog(products, categories, language) {
  const input = at(`../build/demo/products.${language}.jsonl`);
  const names = new Map(categories.map((category) => [category.id, category[language]]));
  writeFileSync(
    input,
    products.map((product) => `${JSON.stringify(catalogRow(product, language, names.get(product.category)))}\n`).join(''),
  );
  const output = at(`../build/demo/public/catalog.${language}.bin`);
  execFileSync(process.execPath, [at('../bin/aftersense.mjs'), 'catalog', 'build', input, '-o', output], { stdio: 'inherit' });
}

const products = readProducts();
const categories = JSON.parse(readFileSync(at('categories.json'), 'utf8'));
mkdirSync(at('../build/demo/public'), { recursive: true });
writeFileSync(at('../build/demo/public/pictures.svg'), drawSprite(products));
for (const language of languages) buildCatalog(products, categories, language);
