/**
 * Products of a shop that does not exist, any number of them, each from its number alone: departments, kinds, brands that make a few kinds
 * each, lines of a brand, variants in colour and size; a fourth of them in Chinese. Words are as frequent as words are, by Zipf's law.
 */
import type { ProductInput } from '../../../dist/index.js';

/** 32 bits that look random, from two numbers (the finaliser of MurmurHash3). */
export function mix(seed: number, salt: number): number {
  let hash = (seed ^ Math.imul(salt + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const unit = (seed: number, salt: number) => mix(seed, salt) / 2 ** 32;
const pick = (count: number, seed: number, salt: number) => Math.floor(unit(seed, salt) * count);
/** The lower the likelier: rank r about as often as 1 / r. */
const zipf = (count: number, seed: number, salt: number) =>
  Math.min(count - 1, Math.floor(count ** unit(seed, salt)) - 1 + pick(2, seed, salt + 77));
const of = <T>(list: readonly T[], seed: number, salt: number) => list[pick(list.length, seed, salt)] as T;

const onsets = [
  'b',
  'br',
  'c',
  'cl',
  'd',
  'dr',
  'f',
  'g',
  'gr',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pl',
  'r',
  's',
  'st',
  't',
  'tr',
  'v',
  'w',
  'z',
];
const nuclei = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'oo'];
const codas = ['n', 'r', 'l', 't', 'ck', 'm', 'nd', 'st', 'x', ''];

/** The word of a number: two or three syllables, the same for the same number. */
function word(number: number): string {
  const syllables = 2 + (mix(number, 1) % 2);
  let text = '';
  for (let i = 0; i < syllables; i++) text += of(onsets, number, 10 + i) + of(nuclei, number, 20 + i);
  return text + of(codas, number, 30);
}

const han = (number: number) => String.fromCodePoint(0x4e00 + (mix(number, 2) % 3500));
const hanWord = (number: number) => han(number * 2) + han(number * 2 + 1);

const departments = 24;
const kindsOfDepartment = 40;
const kinds = departments * kindsOfDepartment;
const brands = 6000;
const english = {
  colours: ['black', 'white', 'red', 'blue', 'green', 'grey', 'silver', 'beige', 'navy', 'pink', 'brown', 'yellow'],
  sizes: ['250 ml', '500 ml', '1 l', 'small', 'medium', 'large', '30 cm', '60 cm', '2 pack', '6 pack'],
  materials: ['steel', 'cotton', 'oak', 'glass', 'leather', 'wool', 'ceramic', 'bamboo', 'aluminium', 'linen', 'silicone', 'nylon'],
};
const chinese = {
  colours: ['黑色', '白色', '红色', '蓝色', '绿色', '灰色', '银色', '米色', '藏青', '粉色', '棕色', '黄色'],
  sizes: ['250毫升', '500毫升', '1升', '小号', '中号', '大号', '30厘米', '60厘米', '2件装', '6件装'],
  materials: ['不锈钢', '纯棉', '橡木', '玻璃', '真皮', '羊毛', '陶瓷', '竹制', '铝合金', '亚麻', '硅胶', '尼龙'],
};

/** What products of a family, all variants of all its lines, have in common. */
interface Family {
  readonly kind: number;
  readonly brand: number;
  readonly line: number;
  readonly chinese: boolean;
}

const variantsOfFamily = 6;

function familyOf(index: number): Family {
  const seed = Math.floor(index / variantsOfFamily);
  // The most frequent kind has some three products of a hundred.
  const kind = Math.floor(kinds * unit(seed, 100) ** 2);
  // A brand makes few kinds: which ones is the brand's, not the family's.
  const brand = (kind * 37 + zipf(300, seed, 101) * 13) % brands;
  return { kind, brand, line: pick(40, seed, 102), chinese: brand % 4 === 0 };
}

const capital = (text: string) => (text[0] as string).toUpperCase() + text.slice(1);

/** What people say of a kind: its own words, and those that are said of everything. */
function sentence(kind: number, seed: number, salt: number, say: (number: number) => string, gap: string): string {
  const length = 7 + pick(8, seed, salt);
  const words = Array.from({ length }, (_, i) =>
    mix(seed, salt + 200 + i) % 3 === 0
      ? say(50_000 + kind * 60 + zipf(60, seed, salt + 300 + i))
      : say(200_000 + zipf(4000, seed, salt + 400 + i)),
  );
  return words.join(gap);
}

/** What a kind is called, as a shopper would search for it. */
export const kindName = (kind: number, inChinese: boolean): string =>
  inChinese ? `${hanWord(10_000 + (kind % 300))}${hanWord(20_000 + kind)}` : `${word(10_000 + (kind % 300))} ${word(20_000 + kind)}`;

export function product(index: number): ProductInput {
  const { kind, brand, line, chinese: inChinese } = familyOf(index);
  const family = Math.floor(index / variantsOfFamily);
  const words = inChinese ? chinese : english;
  const say = inChinese ? hanWord : word;
  const maker = capital(word(30_000 + brand));
  const lineName = inChinese ? hanWord(40_000 + brand * 40 + line) : capital(word(40_000 + brand * 40 + line));
  const traits = [
    of(words.materials, family, 103),
    say(50_000 + kind * 60 + zipf(60, family, 104)),
    of(words.colours, index, 105),
    of(words.sizes, index, 106),
  ];
  const model = `${String.fromCharCode(65 + pick(26, family, 107), 65 + pick(26, family, 108))}${100 + pick(9900, family, 109)}`;
  const gap = inChinese ? '' : ' ';
  const sentences = Array.from({ length: 2 + pick(2, family, 110) }, (_, i) =>
    sentence(kind, i === 0 ? index : family, 1000 + 100 * i, say, gap),
  );
  const department = Math.floor(kind / kindsOfDepartment);
  return {
    id: `P${String(index).padStart(7, '0')}`,
    title: `${maker} ${lineName} ${kindName(kind, inChinese)}${gap}${traits.join(gap)} ${model}`,
    description: inChinese ? `${sentences.join('。')}。` : `${sentences.map(capital).join('. ')}.`,
    category: `${capital(say(60_000 + department))} > ${kindName(kind, inChinese)}`,
    brand: maker,
    price: Math.round(100 * Math.exp(1 + 4 * unit(index, 111))) / 100,
    currency: inChinese ? 'CNY' : 'EUR',
    image: `https://shop.example/images/${mix(index, 112).toString(36)}.jpg`,
    url: `https://shop.example/p/${index}`,
    group: `F${family}`,
  };
}

/** What somebody who looks for this product may type: its kind, and one or two of its traits. */
export function queryFor(index: number): string {
  const { kind, brand, chinese: inChinese } = familyOf(index);
  const family = Math.floor(index / variantsOfFamily);
  const words = inChinese ? chinese : english;
  const trait = pick(3, index, 500);
  const parts = [kindName(kind, inChinese)];
  if (trait !== 0) parts.unshift(of(words.materials, family, 103));
  if (trait === 2) parts.unshift(capital(word(30_000 + brand)));
  return parts.join(' ');
}

/** Products that a shopper of a few interests has bought or looked at. */
export function tastes(shopper: number, total: number, interests: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const near = pick(total, shopper, 600 + (i % interests));
    const { kind } = familyOf(near);
    // Another product of the same kind, found by trying.
    for (let attempt = 0; attempt < 5000; attempt++) {
      const other = pick(total, shopper * 131 + i, 700 + attempt);
      if (familyOf(other).kind === kind) return other;
    }
    return near;
  });
}
