/**
 * Writes the orders that the shop learns from, as CSV on standard output: a year of made-up customers, the same ones every time. Nobody
 * bought any of this. Customers have one to three tastes; what they buy at once is of one taste, durable things are bought once, parts
 * and accessories follow what they fit, and what is used up is bought again when it is.
 *
 *   node demo/orders.mjs > build/demo/orders.csv
 *   node bin/aftersense.mjs catalog interactions build/demo/orders.csv -o demo/interactions.jsonl
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const customers = 2500;
const lastDay = Date.UTC(2026, 10, 20);
const days = 365;
const dayMs = 86_400_000;

/** What people buy together, the most wanted first. */
const tastes = {
  coffee: 'house-coffee gooseneck-kettle cone-filters hand-grinder kitchen-scale stoneware-mug dark-chocolate butter-shortbread',
  tea: 'spring-longjing jasmine-tea celadon-cups aged-white-tea clay-teapot sesame-crisps glass-tea-mug linden-honey whistling-kettle travel-tea-set',
  cooking:
    'carbon-steel-wok santoku-knife endgrain-board linen-apron enamel-stockpot rice-bowl-set ramen-bowl bread-knife milk-pan egg-pan',
  office:
    'bento-box daily-nuts silent-mouse low-keyboard steel-flask commuter-pack cold-brew-bags desk-organiser reading-lamp gan-charger desk-fan flat-stapler',
  journal: 'dot-notebook washi-tape gel-pens fountain-pen weekly-planner name-stamp brass-ruler canvas-pencil-case desk-calendar',
  drawing: 'sketchbook colour-pencils canvas-pencil-case office-scissors brass-ruler washi-tape reading-lamp',
  parents:
    'glass-baby-bottle muslin-swaddle silicone-bib linen-bear ppsu-baby-bottle bath-duck gauze-towel ribbed-bodysuit cloth-book straw-cup moon-night-light stroller-fan',
  play: 'beech-blocks stacking-rings bedtime-stories cloud-mobile long-ear-rabbit cloth-book colour-pencils',
  camping: 'camp-lantern two-person-tent sleeping-mat folding-chair trail-bottle day-pack slim-power-bank dried-mango',
  hiking: 'day-pack trekking-poles rain-jacket trail-bottle steel-flask daily-nuts bucket-hat mineral-sunscreen yoga-mat',
  beach: 'beach-shelter sun-umbrella bucket-hat mineral-sunscreen waffle-towel shower-speaker dried-mango',
  sleep:
    'latex-pillow silk-eye-mask jersey-sheets buckwheat-pillow cloud-humidifier quiet-wall-clock silk-duvet moon-night-light twin-bell-alarm sateen-sheets',
  winter: 'down-duvet heated-blanket wool-throw almond-hand-cream ginger-shampoo steel-flask linden-honey',
  bath: 'olive-soap waffle-towel oat-body-wash terry-towel-set waffle-robe diatomite-mat charcoal-soap citrus-hand-wash shower-speaker',
  hair: 'ginger-shampoo rose-hair-mask sandalwood-comb ion-hair-dryer terry-towel-set',
  shaving: 'safety-razor charcoal-soap sonic-toothbrush bamboo-toothbrush round-mirror',
  skin: 'ceramide-cream mineral-sunscreen almond-hand-cream oat-body-wash gauze-towel',
  music: 'over-ear-headphones fabric-speaker studio-headphones clip-earbuds braided-cable gan-charger',
  rooms: 'moon-vase bud-vase fig-candle mushroom-lamp wool-rug paper-floor-lamp corduroy-cushion round-mirror stone-diffuser cedar-candle',
  plants: 'terracotta-planter self-watering-planter bud-vase seagrass-basket felt-basket',
  gifts: 'butter-shortbread celadon-cups fig-candle linen-bear matcha-chocolate fountain-pen jasmine-tea storm-umbrella',
};

const products = readFileSync(fileURLToPath(new URL('products.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const byId = new Map(products.map((product) => [product.id, product]));
const lists = Object.values(tastes).map((ids) => ids.split(' '));
const unknown = lists.flat().filter((id) => !byId.has(id));
if (unknown.length > 0) throw new Error(`tastes name products that are not in products.jsonl: ${unknown.join(' ')}`);
const partsOf = (id) => products.filter(({ fits }) => fits?.includes(id));

/** Mulberry32 (T. Ettinger, 2017): a number from 0 to below 1. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z ^= z + Math.imul(z ^ (z >>> 7), 61 | z);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}
const next = chance(20_261_120);

/** One of a list whose earlier entries are likelier. */
const early = (list) => list[Math.floor(list.length * next() ** 1.7)];
/** Gamma of shape 4 and mean 1: times between purchases vary, and are never negative. */
const jitter = () => -(Math.log(1 - next()) + Math.log(1 - next()) + Math.log(1 - next()) + Math.log(1 - next())) / 4;

/** What a customer buys, by day. */
function history() {
  const own = Array.from({ length: 1 + Math.floor(next() * 3) }, () => early(lists));
  const orders = new Map();
  const has = new Set();
  const put = (day, id) => {
    if (day >= days) return;
    const at = Math.floor(day);
    orders.set(at, (orders.get(at) ?? new Set()).add(id));
    const { lastsDays } = byId.get(id);
    if (lastsDays !== undefined && next() < 0.75) put(day + lastsDays * jitter(), id);
    if (has.has(id)) return;
    has.add(id);
    for (const part of partsOf(id)) {
      if (next() < 0.3) put(next() < 0.5 ? day : day + 20 + 120 * next(), part.id);
    }
  };
  for (let day = days * next() * 0.6; day < days; day += 75 * jitter()) {
    const taste = own[Math.floor(next() * own.length)];
    const pieces = 1 + Math.floor(next() * 3.4);
    for (let piece = 0; piece < pieces; piece++) {
      // Now and then something else altogether.
      const id = next() < 0.08 ? early(early(lists)) : early(taste);
      if (!has.has(id)) put(day, id);
    }
  }
  return orders;
}

const lines = ['order_id,customer,product_id,ordered_at'];
let order = 0;
for (let customer = 1; customer <= customers; customer++) {
  for (const [day, ids] of [...history()].sort(([a], [b]) => a - b)) {
    order += 1;
    const date = new Date(lastDay - (days - day) * dayMs).toISOString().slice(0, 10);
    for (const id of ids) lines.push(`o${order},c${customer},${id},${date}`);
  }
}
process.stdout.write(`${lines.join('\n')}\n`);
