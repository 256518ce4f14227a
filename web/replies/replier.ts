/** Behind a handle's `reply` and `answers`: the file, downloaded when it is first needed, and from a text to suggestions. */
import { abortable } from '../abort.ts';
import { readSource } from '../assets/source.ts';
import { checkInteger, checkOneOf, checkText } from '../checks.ts';
import type { Locale } from '../desk/types.ts';
import { AftersenseError } from '../errors.ts';
import type { Analysis, AnalyzeOptions, EmbedOptions, FileSource, ModelInfo, Progress } from '../types.ts';
import { checkAnswers, checkOpenings } from './check.ts';
import { type AnswersFile, infoOf, readFile, textsOf, writeFile } from './file.ts';
import { fill, slotValues } from './fill.ts';
import { answeredProbability, type Method, shares, thresholdOf } from './probability.ts';
import { AnswerSearch, type Candidate } from './search.ts';
import { defaultOpenings, openingFor, readMood } from './tone.ts';
import type { Answer, Answers, AnswersBuildOptions, Mood, Replies, ReplyInput, ReplyOptions, ReplyReason, Suggestion } from './types.ts';
import { quantise } from './vectors.ts';

const defaultK = 3;
const maxK = 20;
/** Texts embedded between two reports of progress. */
const embedBatch = 64;

/** What a replier needs of its handle. */
export interface ReplierDesk {
  analyze(text: string, options: AnalyzeOptions<Analysis>): Promise<Analysis>;
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>;
  /** The base model where it is loaded. */
  base(): ModelInfo | undefined;
  /** Resolves when base is loaded; rejects where it cannot be. */
  ready(): Promise<ModelInfo>;
}

export interface ReplierOptions {
  /** Of the answers; undefined where none ship. */
  readonly source: FileSource | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Fires when the handle is disposed of. */
  readonly end: AbortSignal;
}

interface Loaded {
  readonly file: AnswersFile;
  readonly search: AnswerSearch;
}

/** What is known of one text before it is searched for. */
interface Asked {
  readonly text: string;
  readonly analysis: Exclude<ReplyInput, string>;
  readonly options: ReplyOptions;
}

export class Replier implements Answers {
  readonly #desk: ReplierDesk;
  readonly #options: ReplierOptions;
  #loaded: Promise<Loaded> | undefined;

  constructor(desk: ReplierDesk, options: ReplierOptions) {
    this.#desk = desk;
    this.#options = options;
  }

  async reply(input: ReplyInput, options: ReplyOptions = {}): Promise<Replies> {
    const text = checkedText(input, options);
    checkOptions(options);
    const { tier: best = 'base', signal, onUpdate } = options;
    const loaded = await abortable(this.#load(options), signal);
    const { file } = loaded;
    const pending = onUpdate && best === 'base' && !this.#desk.base();
    const analysis = await this.#analysisOf(input, options);
    const replies = await this.#suggest({ text, analysis, options }, loaded);
    if (pending && file.embedded) void this.#update(input, text, options, loaded);
    return replies;
  }

  async build(answers: readonly Answer[], options: AnswersBuildOptions = {}) {
    const { openings = defaultOpenings, tier = 'base', signal, onProgress } = options;
    if (!Array.isArray(answers)) throw new AftersenseError('invalid_argument', 'answers.build takes an array of answers.');
    checkOneOf(tier, 'tier', ['lite', 'base']);
    const checked = checkAnswers(answers);
    const embedded = tier === 'base' ? await this.#embed(checked, signal, onProgress) : undefined;
    const file = { answers: checked, openings: checkOpenings(openings), embedded };
    const bytes = writeFile(file);
    return { bytes, info: infoOf(file, bytes.length) };
  }

  async load(source: FileSource, { signal, onProgress }: Pick<AnswersBuildOptions, 'signal' | 'onProgress'> = {}) {
    const { fetch } = this.#options;
    const bytes = await readSource('answers', source, 'answers.load', { fetch, signal, onProgress });
    const loaded = open(bytes);
    this.#checkModel(loaded.file);
    this.#loaded = Promise.resolve(loaded);
    return infoOf(loaded.file, bytes.length);
  }

  /** The file, once for all; forgotten where it fails, so that another call may try again. */
  #load({ onProgress = this.#options.onProgress }: ReplyOptions): Promise<Loaded> {
    const { source, fetch, end } = this.#options;
    if (source === undefined && !this.#loaded)
      return Promise.reject(new AftersenseError('answers_missing', 'No answers are loaded: give assets.answers, or call answers.load.'));
    const loading =
      this.#loaded ?? readSource('answers', source as FileSource, 'assets.answers', { fetch, signal: end, onProgress }).then(open);
    this.#loaded = loading;
    loading.catch(() => {
      if (this.#loaded === loading) this.#loaded = undefined;
    });
    return loading;
  }

  async #embed(answers: readonly Answer[], signal?: AbortSignal, onProgress?: (progress: Progress) => void) {
    const texts = textsOf(answers).map(({ text }) => text);
    const vectors: Float32Array[] = [];
    while (vectors.length < texts.length) {
      const batch = texts.slice(vectors.length, vectors.length + embedBatch);
      vectors.push(...(await this.#desk.embed(batch, signal ? { signal } : {})));
      onProgress?.({ stage: 'embed', done: vectors.length, total: texts.length });
    }
    const { name, version } = await this.#desk.ready();
    return { model: { name, version }, vectors: quantise(vectors) };
  }

  /** The meanings of two models cannot be compared. */
  #checkModel({ embedded }: AnswersFile): void {
    const base = this.#desk.base();
    if (!base || !embedded || (base.name === embedded.model.name && base.version === embedded.model.version)) return;
    const built = `${embedded.model.name} ${embedded.model.version}`;
    throw new AftersenseError(
      'answers_wrong_model',
      `The answers were embedded by ${built}; ${base.name} ${base.version} is loaded. Build them again: aftersense answers build.`,
    );
  }

  async #analysisOf(input: ReplyInput, { tier, signal }: ReplyOptions): Promise<Exclude<ReplyInput, string>> {
    if (typeof input !== 'string') return input;
    return this.#desk.analyze(input, { ...(tier ? { tier } : {}), ...(signal ? { signal } : {}) });
  }

  async #suggest({ text, analysis, options }: Asked, { file, search }: Loaded): Promise<Replies> {
    const { tier = 'base', signal, k = defaultK, language = analysis.language === 'zh' ? 'zh' : 'en' } = options;
    const values = slotValues(options, language);
    const method: Method = tier === 'base' && this.#desk.base() && file.embedded ? 'meaning' : 'words';
    if (method === 'meaning') this.#checkModel(file);
    const blank = text.trim() === '';
    const [embedding] = method === 'meaning' && !blank ? await this.#desk.embed([text], signal ? { signal } : {}) : [];
    const found = blank ? [] : search.find(text, embedding);
    const mood = readMood(analysis);
    const probability = answeredProbability(method, found[0]);
    const each = shares(
      method,
      found.map(({ score }) => score),
    );
    const manner = { language, mood, values };
    const isAnswered = probability >= (options.minProbability ?? thresholdOf(method));
    const best = isAnswered ? found.slice(0, k) : [];
    const suggestions = best.map((candidate, i) => suggest(candidate, probability * (each[i] as number), file, manner));
    return { suggestions, method, language, ...(mood ? { mood } : {}), probability };
  }

  /** What base finds, once it is there; nothing where it fails, or nobody waits any more. */
  async #update(input: ReplyInput, text: string, options: ReplyOptions, loaded: Loaded): Promise<void> {
    const again = async () => this.#suggest({ text, analysis: await this.#analysisOf(input, options), options }, loaded);
    const better = await this.#desk
      .ready()
      .then(again)
      .catch(() => undefined);
    if (better && !options.signal?.aborted && !this.#options.end.aborted) options.onUpdate?.(better);
  }
}

function open(bytes: Uint8Array): Loaded {
  const file = readFile(bytes);
  return { file, search: new AnswerSearch(file) };
}

interface Manner {
  readonly language: Locale;
  readonly mood: Mood | undefined;
  readonly values: ReadonlyMap<string, string>;
}

function suggest(
  candidate: Candidate,
  probability: number,
  { answers, openings }: AnswersFile,
  { language, mood, values }: Manner,
): Suggestion {
  const answer = answers[candidate.answer] as Answer;
  const { id, topic, intent, tone } = answer;
  const { text, missing } = fill(answer, language, values);
  const opening = openingFor(mood, tone, openings);
  const first = opening ? (openings[opening]?.[language] ?? '') : '';
  return {
    id,
    topic,
    intent,
    tone,
    text: language === 'en' && first ? `${first} ${text}` : `${first}${text}`,
    sendable: missing.length === 0,
    missing,
    ...(opening ? { opening } : {}),
    probability,
    reason: reasonOf(candidate),
  };
}

function reasonOf({ likest: { kind, text }, cosine, words }: Candidate): ReplyReason {
  return { kind, text, ...(cosine === undefined ? {} : { similarity: cosine }), words };
}

function checkedText(input: ReplyInput, options: ReplyOptions): string {
  const isAnalysis = typeof input === 'object' && input !== null && 'sentiment' in input && 'language' in input;
  const text: unknown = isAnalysis ? options.text : input;
  if (isAnalysis && text === undefined)
    throw new AftersenseError('invalid_argument', 'An analysis does not hold its text: give it as options.text.');
  checkText(text, 'text');
  return text;
}

function checkOptions({ k = defaultK, minProbability = 0, language, tier }: ReplyOptions): void {
  checkInteger(k, 'k', 1, maxK);
  if (typeof minProbability !== 'number' || !(minProbability >= 0 && minProbability <= 1))
    throw new AftersenseError('invalid_argument', `minProbability must be a number from 0 to 1, not ${String(minProbability)}.`);
  if (language !== undefined) checkOneOf(language, 'language', ['zh', 'en']);
  if (tier !== undefined) checkOneOf(tier, 'tier', ['lite', 'base']);
}
