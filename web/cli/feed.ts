/**
 * Product feeds in XML, RSS 2.0 or Atom, in the attributes of Google's product data specification
 * (https://support.google.com/merchants/answer/7052112). Read as a stream; entities that a document declares are not expanded.
 */
import { type QualifiedTag, SAXParser } from 'sax';
import { AftersenseError } from '../index.ts';
import type { BadRow, Chunks, Row } from './input.ts';

const google = 'http://base.google.com/ns/1.0';
const notGoogle = `there are no elements of the namespace ${google}, such as g:id`;
const atom = 'http://www.w3.org/2005/Atom';
/** RSS 2.0 has none, RSS 1.0 this one. */
const plain = ['', atom, 'http://purl.org/rss/1.0/'];

interface Field {
  readonly name: string;
  readonly isGoogle: boolean;
  text: string;
}

interface Item {
  readonly line: number;
  readonly fields: Field[];
}

/** Attributes that a feed gives more than once are lists; those of Google's namespace go before RSS's and Atom's own. */
function toRow({ line, fields }: Item): Row {
  const byName = new Map<string, string[]>();
  for (const wanted of [true, false]) {
    const known = new Set(byName.keys());
    for (const { name, isGoogle, text } of fields) {
      if (isGoogle !== wanted || known.has(name) || text.trim() === '') continue;
      const texts = byName.get(name) ?? [];
      texts.push(text.trim());
      byName.set(name, texts);
    }
  }
  return { kind: 'row', line, fields: Object.fromEntries([...byName].map(([name, texts]) => [name, texts.length > 1 ? texts : texts[0]])) };
}

/** Events of the document become items. */
class FeedReader {
  /** Those that are whole, for the caller to take. */
  readonly items: Item[] = [];
  readonly #parser = new SAXParser(true, { xmlns: true });
  readonly #maxItem: number;
  #depth = 0;
  #item: Item | undefined;
  #itemDepth = 0;
  #field: Field | undefined;
  /** Whether an item has had an element of its namespace. */
  #knowsGoogle = false;
  /** Characters read when the last item began or ended. */
  #mark = 0;
  #failure: { readonly problem: string; readonly line: number } | undefined;

  constructor(maxItem: number) {
    this.#maxItem = maxItem;
    const parser = this.#parser;
    parser.onerror = (error) => {
      this.#failure ??= { problem: error.message.split('\n', 1)[0] ?? '', line: parser.line + 1 };
    };
    parser.onopentag = (tag) => this.#open(tag as QualifiedTag);
    parser.onclosetag = () => this.#close();
    parser.ontext = (text) => this.#text(text);
    parser.oncdata = (text) => this.#text(text);
  }

  write(text: string): void {
    this.#parser.write(text);
    if (this.#failure) throw this.#wrong(this.#failure.problem, this.#failure.line);
    if (this.#parser.position - this.#mark > this.#maxItem) throw this.#wrong(`an item is longer than ${this.#maxItem} characters`);
  }

  /** The document has to be whole, and a product feed. */
  end(): void {
    const line = this.#parser.line + 1;
    this.#parser.close();
    if (this.#failure) throw this.#wrong(`it ends in the midst (${this.#failure.problem})`, line);
    if (!this.#knowsGoogle) throw this.#wrong(notGoogle, line);
  }

  #wrong(problem: string, line = this.#parser.line + 1): AftersenseError {
    return new AftersenseError('input_invalid', `The product feed cannot be read: line ${line}: ${problem}.`);
  }

  #open(tag: QualifiedTag): void {
    this.#depth++;
    const isPlain = plain.includes(tag.uri);
    if (this.#field) this.#field.text += ' ';
    else if (this.#item) {
      const isGoogle = tag.uri === google;
      this.#knowsGoogle ||= isGoogle;
      if (isGoogle || isPlain) this.#field = { name: tag.local, isGoogle, text: tag.attributes.href?.value ?? '' };
    } else if (isPlain && (tag.local === 'item' || tag.local === 'entry')) {
      this.#item = { line: this.#parser.line + 1, fields: [] };
      this.#itemDepth = this.#depth;
      this.#mark = this.#parser.position;
    }
  }

  #text(text: string): void {
    if (this.#field) this.#field.text += text;
  }

  #close(): void {
    const inside = this.#depth - this.#itemDepth;
    this.#depth--;
    if (!this.#item) return;
    if (this.#field && inside > 1) this.#field.text += ' ';
    if (this.#field && inside === 1) {
      this.#item.fields.push(this.#field);
      this.#field = undefined;
    } else if (inside === 0) {
      if (!this.#knowsGoogle) this.#failure ??= { problem: notGoogle, line: this.#item.line };
      this.items.push(this.#item);
      this.#item = undefined;
      this.#mark = this.#parser.position;
    }
  }
}

/** By the byte order mark, else by the declaration, else UTF-8. */
function decoderOf(head: Buffer): TextDecoder {
  const marks: Readonly<Record<string, string>> = { fffe: 'utf-16le', feff: 'utf-16be' };
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head.toString('latin1', 0, 256))?.[1];
  const encoding = marks[head.toString('hex', 0, 2)] ?? declared ?? 'utf-8';
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new AftersenseError('input_invalid', `The product feed cannot be read: its encoding ${encoding} is not known.`, { cause });
  }
}

/** The items of a feed, each with the line where it starts. `maxItem`: characters. */
export async function* readFeed(chunks: Chunks, maxItem: number): AsyncGenerator<Row | BadRow> {
  const reader = new FeedReader(maxItem);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderOf(chunk);
    reader.write(decoder.decode(chunk, { stream: true }));
    yield* reader.items.splice(0).map(toRow);
  }
  reader.write(decoder?.decode() ?? '');
  reader.end();
  yield* reader.items.splice(0).map(toRow);
}
