/** Words of a title, a tag or a search that a shopper can read as an interest. */
import { foldText } from '../desk/words.ts';

/** Words that say nothing of a taste. Chinese ones of one character are left out anyway. */
const stopWords: ReadonlySet<string> = new Set(
  `a about all also an and any are as at be best but by can cheap cm each extra for free from g get good great has have high how
  i if in into is it its kg l large litre litres little m me medium ml mm more most my new no not of off on one only or other our
  out over pack pcs per piece pieces plus set sale size small so some the their them these this to too top two up use very was we
  what when where which who will with without you your
  一个 一种 以及 可以 可用 我们 你的 我的 怎么 什么 哪里 哪个 便宜 包邮 正品 新款 爆款 特价 推荐 升级 加厚 官方 旗舰店 专用 适用 大号 中号 小号 一套
  套装 毫升 厘米 公斤 两个 三个 这个 那个 没有 不要 需要 想要 最好`.split(/\s+/),
);
const han = /\p{Script=Han}/u;
const longEnough = (word: string) => (han.test(word) ? [...word].length > 1 : /\p{L}{2}/u.test(word));

/** Made once: to make one takes longer than to use it. */
let segmenter: Intl.Segmenter | undefined;

/** Characters that join nothing: what stands beside them is a word of its own. */
const particles = /^[的了和与與在是有为為及或也都很就不我你他她它这這那把被给給用个個]$/u;

/**
 * Without word boundaries in the browser, a run of letters is a word. Single Chinese characters beside each other are one that the
 * browser's dictionary does not have: 手冲.
 */
function segments(text: string): string[] {
  if (typeof Intl.Segmenter !== 'function') return text.match(/[\p{L}\p{N}'-]+/gu) ?? [];
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const words: string[] = [];
  let run = '';
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    const isSingle = /^\p{Script=Han}$/u.test(segment) && !particles.test(segment);
    if (isSingle) run += segment;
    else words.push(run, isWordLike ? segment : '');
    if (!isSingle) run = '';
  }
  return [...words, run];
}

/** So many texts are remembered: all that is kept is asked about whenever interests are. */
const maxKnown = 4000;
const known = new Map<string, readonly string[]>();

function wordsOf(text: string): readonly string[] {
  const words =
    known.get(text) ?? segments(foldText(text)).filter((word) => longEnough(word) && !/\d{4}/.test(word) && !stopWords.has(word));
  if (known.size >= maxKnown) known.clear();
  known.set(text, words);
  return words;
}

/** Each once, folded; without numbers, so that no phone number that was searched for becomes an interest. */
export const termsOf = (texts: readonly string[]): readonly string[] => [...new Set(texts.flatMap(wordsOf))];
