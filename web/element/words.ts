/** What the elements say, in both languages, and how they write numbers. */

export type ElementLanguage = 'zh' | 'en';

const en = {
  product: 'Similar products',
  basket: 'Bought together',
  query: 'Found for you',
  profile: 'For you',
  viewed: 'Because you viewed',
  replenishment: 'Time to buy again',
  complaint: 'What may help',
  offer: 'Offers for you',
  content: 'Worth reading',
  why: 'Why this?',
  whyOf: 'Why this? {title}',
  before: 'Before',
  now: 'Now',
  unavailable: 'Sold out',
  code: 'Code',
  leastSpend: 'From {amount}',
  until: 'Until {date}',
  failed: 'No suggestions just now.',
  retry: 'Try again',
  loading: 'Looking for suggestions…',
  ask: 'How did it go?',
  handIn: 'Hand in',
  positive: 'Sounds pleased ({share})',
  neutral: 'Sounds neither pleased nor displeased ({share})',
  negative: 'Sounds as if something went wrong ({share})',
  abstained: 'Nothing to judge yet: write in Chinese or English',
  judging: 'Reading…',
  unread: 'It could not be read just now. Your text is safe.',
};

export type Word = keyof typeof en;

const zh: Record<Word, string> = {
  product: '相似商品',
  basket: '经常一起买',
  query: '为您找到',
  profile: '为您推荐',
  viewed: '因为您看过',
  replenishment: '该添置了',
  complaint: '也许能帮上忙',
  offer: '适合您的优惠',
  content: '值得一读',
  why: '为什么推荐？',
  whyOf: '为什么推荐？{title}',
  before: '原价',
  now: '现价',
  unavailable: '暂时缺货',
  code: '优惠码',
  leastSpend: '满 {amount} 可用',
  until: '{date} 前有效',
  failed: '暂时给不出推荐。',
  retry: '重试',
  loading: '正在挑选……',
  ask: '用得怎么样？',
  handIn: '提交',
  positive: '听起来很满意（{share}）',
  neutral: '听起来不好也不坏（{share}）',
  negative: '听起来出了点问题（{share}）',
  abstained: '还判断不了：请用中文或英文写一句话',
  judging: '正在读……',
  unread: '现在读不了，写下的内容还在。',
};

const words = { en, zh };
const locales = { en: 'en', zh: 'zh-CN' };

export function say(language: ElementLanguage, word: Word, parameters: Readonly<Record<string, string>> = {}): string {
  return words[language][word].replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? '');
}

/** A price; a currency that is none is written beside the number. */
export function money(language: ElementLanguage, amount: number, currency: string): string {
  const fractions = Number.isInteger(amount) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${new Intl.NumberFormat(locales[language]).format(amount)} ${currency}`.trim();
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  return new Intl.NumberFormat(locales[language], { ...style, ...fractions }).format(amount);
}

export const percent = (language: ElementLanguage, share: number): string =>
  new Intl.NumberFormat(locales[language], { style: 'percent' }).format(share);

export const day = (language: ElementLanguage, at: number): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium' }).format(at);
