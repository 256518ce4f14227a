/** Numbers, amounts and names within a sentence, in both languages: pure. */
import type { BothTexts, Named } from './types.ts';

/** Units of a title that a sentence quotes. */
const maxQuoted = 60;
const locales = { zh: 'zh-CN', en: 'en' } as const;

/** The same in each language, by what differs. */
export const both = (write: (locale: keyof BothTexts) => string): BothTexts => ({ zh: write('zh'), en: write('en') });

const numbers = (options: Intl.NumberFormatOptions) => ({
  zh: new Intl.NumberFormat(locales.zh, options),
  en: new Intl.NumberFormat(locales.en, options),
});
const shares = numbers({ style: 'percent', maximumSignificantDigits: 2 });
const wholes = numbers({ maximumFractionDigits: 0 });
const dayCounts = numbers({ style: 'unit', unit: 'day', unitDisplay: 'long', maximumFractionDigits: 0 });

/** From 0 to 1, as per cent. */
export const percent = (share: number): BothTexts => both((locale) => shares[locale].format(share));

/** At least one. */
export function days(count: number): BothTexts {
  const whole = Math.max(1, Math.round(count));
  // A space before the unit, as beside every other number in these sentences.
  return { zh: `${wholes.zh.format(whole)} 天`, en: dayCounts.en.format(whole) };
}

function amountIn(locale: keyof BothTexts, amount: number, currency: string): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(locales[locale], { ...options, style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
      amount,
    );
  } catch {
    // No code of ISO 4217.
    return `${new Intl.NumberFormat(locales[locale], options).format(amount)} ${currency}`.trim();
  }
}

export const money = (amount: number, currency: string): BothTexts => both((locale) => amountIn(locale, amount, currency));

const lists = {
  zh: new Intl.ListFormat(locales.zh, { type: 'conjunction' }),
  en: new Intl.ListFormat(locales.en, { type: 'conjunction' }),
};
const quotes = { zh: ['「', '」'], en: ['“', '”'] } as const;

/** Cut where it is long, never within a surrogate pair. */
function shortened(title: string): string {
  if (title.length <= maxQuoted) return title;
  const cut = title.slice(0, maxQuoted - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.trimEnd()}…`;
}

export const quoted = (titles: readonly string[]): BothTexts =>
  both((locale) => {
    const [open, close] = quotes[locale];
    return lists[locale].format(titles.map((title) => `${open}${shortened(title)}${close}`));
  });

export const quotedNames = (names: readonly Named[]): BothTexts => quoted(names.map(({ title }) => title));
