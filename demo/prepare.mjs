/**
 * Builds the files the storefront serves beside its code:
 *   build/demo/public/pictures.svg        one <symbol> a product
 *   build/demo/public/catalog.{zh,en}.bin catalogues for `desk.catalog.load`, written by the `aftersense` command from the products,
 *                                         what orders taught, the offers and the care guides
 * Run it after the package is built: `node demo/prepare.mjs`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawSprite } from './art/index.mjs';

const languages = ['zh', 'en'];
const at = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const readLines = (name) =>
  readFileSync(at(name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

function writeLines(file, rows) {
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

/** The columns that `aftersense catalog build` reads, in one language. Each workshop sells its own things. */
const productRow = (product, language, categoryNames) => ({
  id: product.id,
  title: product[language].title,
  description: product[language].description,
  category: categoryNames.get(product.category),
  brand: product[language].brand,
  tags: product[language].tags,
  price: product.price,
  sale_price: product.salePrice,
  currency: 'CNY',
  availability: product.availability,
  group: product.group,
  seller: product.en.brand,
  role: product.role,
  fits: product.fits,
  lasts_days: product.lastsDays,
  image: `pictures.svg#picture-${product.id}`,
  url: `#/p/${product.id}`,
});

const offerRow = (offer, language, categoryNames) => ({
  id: offer.id,
  kind: offer.kind,
  value: offer.value,
  least_spend: offer.leastSpend,
  code: offer.code,
  currency: 'CNY',
  categories: offer.category && [categoryNames.get(offer.category)],
  title: offer[language].title,
  description: offer[language].description,
});

const articleRow = (article, language) => ({
  id: article.id,
  title: article[language].title,
  description: article[language].summary,
  language,
  about: article.about,
  tags: article[language].tags,
  url: `#/care/${article.id}`,
});

const products = readLines('products.jsonl');
const offers = readLines('offers.jsonl');
const articles = readLines('articles.jsonl');
const categories = JSON.parse(readFileSync(at('categories.json'), 'utf8'));

function buildCatalog(language) {
  const names = new Map(categories.map((category) => [category.id, category[language]]));
  const input = (name) => at(`../build/demo/${name}.${language}.jsonl`);
  const list = writeLines(
    input('products'),
    products.map((product) => productRow(product, language, names)),
  );
  const options = {
    interactions: at('interactions.jsonl'),
    offers: writeLines(
      input('offers'),
      offers.map((offer) => offerRow(offer, language, names)),
    ),
    articles: writeLines(
      input('articles'),
      articles.map((article) => articleRow(article, language)),
    ),
    output: at(`../build/demo/public/catalog.${language}.bin`),
  };
  const flags = Object.entries(options).map(([name, file]) => `--${name}=${file}`);
  execFileSync(process.execPath, [at('../bin/aftersense.mjs'), 'catalog', 'build', list, ...flags], { stdio: 'inherit' });
}

mkdirSync(at('../build/demo/public'), { recursive: true });
writeFileSync(at('../build/demo/public/pictures.svg'), drawSprite(products));
for (const language of languages) buildCatalog(language);
