/** The handle that `createAftersense` returns: verbs over a pool of cores. */
import { abortable } from './abort.ts';
import { download } from './assets/download.ts';
import { gunzip } from './assets/gzip.ts';
import { checkMagic } from './assets/magic.ts';
import { openCases } from './cases/store.ts';
import { type BuilderDesk, buildCatalog } from './catalog_build.ts';
import { checkInteger, checkOneOf, checkString, checkText } from './checks.ts';
import type { Adaptation } from './corrections/adapt.ts';
import { type CorrectionStore, openCorrections, type Shipped } from './corrections/store.ts';
import { defaultPolicy } from './desk/policy.ts';
import { triage } from './desk/triage.ts';
import type { Decision, Policy, Readings, TriageOptions } from './desk/types.ts';
import { AftersenseError } from './errors.ts';
import * as replies from './messages/replies.ts';
import * as requests from './messages/requests.ts';
import { Pool } from './pool.ts';
import { openProfile } from './profile/store.ts';
import type { Bytes, Core } from './protocol.ts';
import type { RecommenderDesk } from './recommend/desk.ts';
import { Recommender } from './recommend/recommender.ts';
import { Replier } from './replies/replier.ts';
import type { Replies, ReplyInput, ReplyOptions } from './replies/types.ts';
import { isManifest } from './shards/files.ts';
import { buildInShards, noAddress, openShards, wantedBy, wantedIds, withShards } from './shards/open.ts';
import type { Shards } from './shards/shards.ts';
import { slices } from './slices.ts';
import type * as api from './types.ts';

const maxUint32 = 0xffff_ffff;

type Vector = Float32Array<ArrayBuffer>;
const tiers = ['lite', 'base'] as const;

/** Where base comes from, and another core with lite alone, should one end in the attempt to load it. */
export interface BaseSource {
  download(signal: AbortSignal): Promise<Bytes>;
  restart(): Promise<Core>;
}

interface ClientOptions {
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly base?: BaseSource | undefined;
  /** As checked. */
  readonly policy?: Policy;
  readonly cases?: api.Aftersense['cases'];
  readonly profile?: api.Aftersense['profile'];
  readonly corrections?: api.AftersenseOptions['corrections'];
  /** Where the shop's answers are. */
  readonly answers?: api.FileSource;
  readonly onProgress?: api.AftersenseOptions['onProgress'];
}

export class Client implements api.Aftersense {
  readonly catalog: api.Catalog;
  readonly cases: api.Aftersense['cases'];
  readonly corrections: CorrectionStore;
  readonly profile: api.Aftersense['profile'];
  readonly answers: Replier;
  readonly #recommender: Recommender;
  readonly #pool: Pool;
  readonly #fetch: typeof fetch | undefined;
  readonly #policy: Policy;
  readonly #lite: api.ModelInfo;
  readonly #base: Promise<api.ModelInfo>;
  #shards: Shards | undefined;
  #info: api.AftersenseInfo;
  /** Fires on disposal, with the error that everything then rejects with. */
  readonly #end = new AbortController();

  constructor(
    cores: readonly Core[],
    info: api.AftersenseInfo,
    {
      fetch,
      base,
      policy = defaultPolicy,
      cases = openCases(),
      profile = openProfile(),
      corrections,
      answers,
      onProgress,
    }: ClientOptions = {},
  ) {
    this.#pool = new Pool(cores, base?.restart);
    // So that it can be handed on alone: `handOff(case, { analyze: desk.analyze })`.
    this.analyze = this.analyze.bind(this) as typeof this.analyze;
    this.#fetch = fetch;
    this.#policy = policy;
    this.cases = cases;
    this.profile = profile;
    this.#info = info;
    this.#lite = info.model;
    this.corrections = openCorrections(this.#shippedReader(), corrections);
    this.#base = base ? this.#loadBase(base) : Promise.reject(notAskedFor());
    // Who needs base asks for it: that there is none is not a fault of the page.
    this.#base.catch(() => {});
    this.answers = new Replier(this.#replierDesk(), { source: answers, fetch, onProgress, end: this.#end.signal });
    this.#recommender = new Recommender(this.#recommenderDesk());
    this.catalog = {
      load: (source, loadOptions) => this.#loadCatalog(source, loadOptions),
      build: (products, buildOptions) => buildCatalog(this.#builderDesk(), products, buildOptions),
      buildShards: (source, buildOptions) => buildInShards(this.#pool, this.#builderDesk(), source, buildOptions),
      list: (listOptions) => this.#listProducts(listOptions),
    };
  }

  get info(): api.AftersenseInfo {
    return this.#info;
  }

  async ready(tier: api.Tier): Promise<api.ModelInfo> {
    checkOneOf(tier, 'tier', tiers);
    this.#end.signal.throwIfAborted();
    return tier === 'lite' ? this.#lite : this.#base;
  }

  analyze(text: string, options?: api.AnalyzeOptions<api.Analysis>): Promise<api.Analysis>;
  analyze(texts: readonly string[], options?: api.AnalyzeOptions<api.Analysis[]>): Promise<api.Analysis[]>;
  async analyze(input: string | readonly string[], options: api.AnalyzeOptions<never> = {}): Promise<api.Analysis | api.Analysis[]> {
    const texts = copyTexts(input);
    const { tier: best = 'base', onUpdate, onProgress } = options;
    checkOneOf(best, 'tier', tiers);
    const inShape = (analyses: api.Analysis[]) => (typeof input === 'string' ? (analyses[0] as api.Analysis) : analyses);
    // One tier for all of a list, even where base comes in the midst of it.
    const tier = this.#pool.has(best) ? best : 'lite';
    const analyses = await this.#analyzeAll(texts, tier, options, onProgress);
    const tell = onUpdate as ((better: api.Analysis | api.Analysis[]) => void) | undefined;
    if (tell && tier !== best) void this.#update(texts, options, (better) => tell(inShape(better)));
    return inShape(analyses);
  }

  embed(text: string, options?: api.EmbedOptions): Promise<Vector>;
  embed(texts: readonly string[], options?: api.EmbedOptions): Promise<Vector[]>;
  async embed(input: string | readonly string[], { signal }: api.EmbedOptions = {}): Promise<Vector | Vector[]> {
    const texts = copyTexts(input);
    await abortable(this.#needBase(), signal);
    const vectors = await this.#embedAll(texts, signal);
    return typeof input === 'string' ? (vectors[0] as Vector) : vectors;
  }

  triage(input: string | Readings, options?: TriageOptions): Promise<Decision> {
    return triage((text, how) => this.analyze(text, how), input, this.#policy, options);
  }

  reply(input: ReplyInput, options?: ReplyOptions): Promise<Replies> {
    return this.answers.reply(input, options);
  }

  recommend(request: api.RecommendRequest): Promise<api.Recommendation[]>;
  recommend(request: api.OfferRequest): Promise<api.OfferRecommendation[]>;
  recommend(request: api.ContentRequest): Promise<api.ArticleRecommendation[]>;
  recommend(request: api.AnyRecommendRequest): Promise<api.AnyRecommendation[]>;
  async recommend(request: api.AnyRecommendRequest): Promise<api.AnyRecommendation[]> {
    return this.#recommender.recommend(request);
  }

  dispose(): void {
    const reason = new AftersenseError('disposed', 'The handle was disposed. Create a new one with createAftersense.');
    this.#end.abort(reason);
    this.#pool.dispose(reason);
    this.cases.close();
    this.corrections.close();
    this.profile.close();
  }

  async #loadBase({ download }: BaseSource): Promise<api.ModelInfo> {
    try {
      const model = await this.#pool.loadBase(abortable(download(this.#end.signal), this.#end.signal));
      this.#info = { ...this.#info, model };
      this.corrections.refresh();
      return model;
    } catch (error) {
      throw this.#end.signal.aborted ? this.#end.signal.reason : error;
    }
  }

  async #needBase(): Promise<void> {
    try {
      await this.ready('base');
    } catch (cause) {
      this.#end.signal.throwIfAborted();
      throw new AftersenseError('model_missing', `embed needs the base model. ${(cause as Error).message}`, { cause });
    }
  }

  /**
   * Slice by slice, as many at once as there are cores; the results in the order of the texts. The first failure ends the whole: no
   * further slice is asked for.
   */
  async #inSlices<T>(texts: readonly string[], tier: api.Tier, ask: (slice: readonly string[]) => Promise<T[]>): Promise<T[]> {
    const results: T[][] = [];
    let taken = 0;
    const ranges = slices(texts, tier);
    // One generator for all: what leaves a loop early, as an error does, closes it for the others too.
    const take = async () => {
      for (const { start, end } of ranges) {
        const place = taken++;
        results[place] = await ask(texts.slice(start, end));
      }
    };
    await Promise.all(Array.from({ length: this.#pool.size }, take));
    return results.flat();
  }

  async #analyzeAll(
    texts: readonly string[],
    tier: api.Tier,
    options: api.AnalyzeOptions<never>,
    onProgress?: (progress: api.Progress) => void,
  ): Promise<api.Analysis[]> {
    const { corrections } = this;
    // One state of the corrections for all of a list.
    const adaptation = tier === 'base' && corrections.mayApply ? await corrections.current(options.signal) : undefined;
    let done = 0;
    return this.#inSlices(texts, tier, async (slice) => {
      const shipped = await this.#analyzeSlice(slice, tier, options);
      const analyses = adaptation ? await this.#adapt(adaptation, slice, shipped, options.signal) : shipped;
      done += slice.length;
      onProgress?.({ stage: 'analyze', done, total: texts.length });
      return analyses;
    });
  }

  /** What the models as they ship say. */
  async #analyzeSlice(
    texts: readonly string[],
    tier: api.Tier,
    { explain = false, signal }: api.AnalyzeOptions<never>,
  ): Promise<api.Analysis[]> {
    const reply = await this.#pool.call('analyze', () => requests.analyzeRequest(texts, explain, tier), signal, tier);
    return replies.analyses(reply, texts, explain, this.#info.engine);
  }

  /** Needs base. */
  #embedAll(texts: readonly string[], signal?: AbortSignal, onProgress?: (progress: api.Progress) => void): Promise<Vector[]> {
    let done = 0;
    return this.#inSlices(texts, 'base', async (slice) => {
      const reply = await this.#pool.call('embed', () => requests.embedRequest(slice), signal, 'base');
      done += slice.length;
      onProgress?.({ stage: 'embed', done, total: texts.length });
      return replies.embeddings(reply, slice.length);
    });
  }

  /** What corrections make of base's analyses. */
  async #adapt(adaptation: Adaptation, texts: readonly string[], shipped: api.Analysis[], signal?: AbortSignal): Promise<api.Analysis[]> {
    const judged = texts.filter((_, i) => !shipped[i]?.abstained);
    const vectors = await this.#embedAll(judged, signal);
    return shipped.map((analysis) => (analysis.abstained ? analysis : adaptation.adapt(analysis, vectors.shift() as Vector)));
  }

  #replierDesk() {
    return {
      analyze: (text: string, options: api.AnalyzeOptions<api.Analysis>) => this.analyze(text, options),
      embed: (texts: readonly string[], options: api.EmbedOptions) => this.embed(texts, options),
      base: () => (this.#info.model.tier === 'base' ? this.#info.model : undefined),
      ready: () => this.ready('base'),
    };
  }

  #recommenderDesk(): RecommenderDesk {
    const { profile } = this;
    return {
      profile,
      recommend: async (ask, signal) => {
        const call = () => this.#pool.callCatalog('recommend', () => requests.recommendRequest(ask), signal);
        return replies.recommendations(await withShards(this.#shards, wantedBy(ask), call, signal));
      },
      lookUp: async (ids, signal) => {
        const call = () => this.#pool.callCatalog('lookup', () => requests.lookupRequest(ids), signal);
        return ids.length === 0 ? [] : replies.lookup(await withShards(this.#shards, wantedIds(ids), call, signal));
      },
      offers: async (signal) => replies.offers(await this.#pool.callCatalog('listOffers', () => new Uint8Array(), signal)),
    };
  }

  /** The best model that is loaded, as corrections see it. */
  #shippedReader() {
    const client = this;
    const modelName = ({ name, version }: api.ModelInfo) => `${name} ${version}`;
    return {
      get base(): string | undefined {
        const { model } = client.#info;
        return model.tier === 'base' ? modelName(model) : undefined;
      },
      async read(texts: readonly string[]): Promise<Shipped[]> {
        const { model } = client.#info;
        const analyses = await client.#inSlices(texts, model.tier, (slice) => client.#analyzeSlice(slice, model.tier, {}));
        const vectors = model.tier === 'base' ? await client.#embedAll(texts) : [];
        return analyses.map((analysis, i) => ({ analysis, vector: vectors[i] ?? null, model: modelName(model) }));
      },
    };
  }

  /** Base's analyses, once it is there; nothing where it fails, or nobody waits any more. */
  async #update(texts: readonly string[], options: api.AnalyzeOptions<never>, tell: (better: api.Analysis[]) => void): Promise<void> {
    const better = await this.#base.then(() => this.#analyzeAll(texts, 'base', options)).catch(() => undefined);
    if (better && !options.signal?.aborted && !this.#end.signal.aborted) tell(better);
  }

  async #loadCatalog(
    source: Parameters<api.Catalog['load']>[0],
    { signal, onProgress, maxBytes, onLeftOut }: api.CatalogLoadOptions = {},
  ): Promise<api.CatalogInfo> {
    let file: Bytes;
    const isAddress = typeof source === 'string' || source instanceof URL;
    if (typeof source === 'string' || source instanceof URL) {
      file = await download('catalog', source, { fetch: this.#fetch, signal, onProgress });
    } else if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
      // A copy: the caller keeps the bytes, the core takes these.
      file = await gunzip(source instanceof ArrayBuffer ? new Uint8Array(source.slice(0)) : new Uint8Array(source), 'The catalogue given');
      checkMagic('catalog', file, 'The catalogue given');
    } else {
      throw new AftersenseError('invalid_argument', 'catalog.load takes an address, an ArrayBuffer or a Uint8Array.');
    }
    if (!isManifest(file)) {
      const info = await this.#pool.loadCatalog('loadCatalog', file, signal);
      this.#shards = undefined;
      return info;
    }
    if (!isAddress) throw noAddress();
    const how = { download: { fetch: this.#fetch, signal, onProgress }, maxBytes, onLeftOut };
    const opened = await openShards(this.#pool, source, file, how);
    this.#shards = opened.shards;
    return opened.info;
  }

  #builderDesk(): BuilderDesk {
    return {
      needBase: async (signal) => {
        await abortable(this.#needBase(), signal);
        const { name, version } = this.#info.model;
        return `${name} ${version}`;
      },
      embed: (texts, signal, onProgress) => this.#embedAll(texts, signal, onProgress),
      build: (request, signal) => this.#pool.call('buildCatalog', request, signal),
    };
  }

  async #listProducts({
    offset = 0,
    limit = maxUint32,
  }: {
    readonly offset?: number;
    readonly limit?: number;
  } = {}): Promise<api.Product[]> {
    checkInteger(offset, 'offset', 0, maxUint32);
    checkInteger(limit, 'limit', 0, maxUint32);
    return replies.products(await this.#pool.callCatalog('listProducts', () => requests.listRequest(offset, limit)));
  }
}

const notAskedFor = () =>
  new AftersenseError('model_missing', "There is no base model: this handle was created with model: 'lite'. Use 'auto' or 'base'.");

/** A copy: the caller may change the array while slices wait. */
function copyTexts(input: string | readonly string[]): readonly string[] {
  if (typeof input !== 'string' && !Array.isArray(input)) checkString(input, 'text');
  const texts: readonly string[] = typeof input === 'string' ? [input] : [...input];
  for (const [i, text] of texts.entries()) checkText(text, texts.length === 1 ? 'text' : `texts[${i}]`);
  return texts;
}
