/** A text as terms of the word index: Chinese as characters and pairs of them, all else as words. */

const run = /\p{Script=Han}+|[\p{L}\p{N}]+(?:'\p{L}+)?/gu;
const isHan = /^\p{Script=Han}/u;

export function termsOf(text: string): string[] {
  const folded = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  return Array.from(folded.matchAll(run), ([word]) => (isHan.test(word) ? charactersAndPairs(word) : [word.replace(/'s?$/, '')])).flat();
}

function charactersAndPairs(word: string): string[] {
  const characters = [...word];
  return [...characters, ...characters.slice(1).map((character, i) => `${characters[i]}${character}`)];
}

/** Whether terms of the index that begin with it count too: a Latin word's inflections do, `cancel` and `cancelled`. */
export const isPrefix = (term: string): boolean => /^[a-z]{4,}$/.test(term);
