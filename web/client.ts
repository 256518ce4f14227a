/** The handle that `createAftersense` returns: verbs over a pool of cores. */
import { abortable } from './abort.ts';
import { download } from './assets/download.ts';
import { gunzip } from './assets/gzip.ts';
import { checkMagic } from './assets/magic.ts';
import { openCases } from './cases/store.ts';
import { checkInteger, checkOneOf, checkProduct, checkString, checkStrings, checkText } from './checks.ts';
import { defaultPolicy } from './desk/policy.ts';
import { triage } from './desk/triage.ts';
import type { Decision, Policy, Readings, TriageOptions } from './desk/types.ts';
import { AftersenseError } from './errors.ts';
import * as replies from './messages/replies.ts';
import * as requests from './messages/requests.ts';
import { Pool } from './pool.ts';
import type { Bytes, Core } from './protocol.ts';
import { slices } from './slices.ts';
import type * as api from './types.ts';

const maxUint32 = 0xffff_ffff;
const defaultK = 5;
const maxK = 1000;

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
}

export class Client implements api.Aftersense {
  readonly catalog: api.Catalog;
  readonly cases: api.Aftersense['cases'];
  readonly #pool: Pool;
  readonly #fetch: typeof fetch | undefined;
  readonly #policy: Policy;
  readonly #lite: api.ModelInfo;
  readonly #base: Promise<api.ModelInfo>;
  #info: api.AftersenseInfo;
  /** Fires on disposal, with the error that everything then rejects with. */
  readonly #end = new AbortController();

  constructor(
    cores: readonly Core[],
    info: api.AftersenseInfo,
    { fetch, base, policy = defaultPolicy, cases = openCases() }: ClientOptions = {},
  ) {
    this.#pool = new Pool(cores, base?.restart);
    this.#fetch = fetch;
    this.#policy = policy;
    this.cases = cases;
    this.#info = info;
    this.#lite = info.model;
    this.#base = base ? this.#loadBase(base) : Promise.reject(notAskedFor());
    // Who needs base asks for it: that there is none is not a fault of the page.
    this.#base.catch(() => {});
    this.catalog = {
      load: (source, loadOptions) => this.#loadCatalog(source, loadOptions),
      build: (products, buildOptions) => this.#buildCatalog(products, buildOptions),
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
    const vectors = await this.#inSlices(texts, 'base', async (slice) => {
      const reply = await this.#pool.call('embed', () => requests.embedRequest(slice), signal, 'base');
      return replies.embeddings(reply, slice.length);
    });
    return typeof input === 'string' ? (vectors[0] as Vector) : vectors;
  }

  triage(input: string | Readings, options?: TriageOptions): Promise<Decision> {
    return triage((text, how) => this.analyze(text, how), input, this.#policy, options);
  }

  async recommend(request: api.RecommendRequest): Promise<api.Recommendation[]> {
    const { k = defaultK, exclude = [] } = request;
    checkInteger(k, 'k', 1, maxK);
    checkStrings(exclude, 'exclude');
    const fields = { ...recommendTarget(request), k, exclude };
    return replies.recommendations(await this.#pool.callCatalog('recommend', () => requests.recommendRequest(fields), request.signal));
  }

  dispose(): void {
    const reason = new AftersenseError('disposed', 'The handle was disposed. Create a new one with createAftersense.');
    this.#end.abort(reason);
    this.#pool.dispose(reason);
    this.cases.close();
  }

  async #loadBase({ download }: BaseSource): Promise<api.ModelInfo> {
    try {
      const model = await this.#pool.loadBase(abortable(download(this.#end.signal), this.#end.signal));
      this.#info = { ...this.#info, model };
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

  #analyzeAll(
    texts: readonly string[],
    tier: api.Tier,
    { explain = false, signal }: api.AnalyzeOptions<never>,
    onProgress?: (progress: api.Progress) => void,
  ): Promise<api.Analysis[]> {
    let done = 0;
    return this.#inSlices(texts, tier, async (slice) => {
      const reply = await this.#pool.call('analyze', () => requests.analyzeRequest(slice, explain, tier), signal, tier);
      const analyses = replies.analyses(reply, slice, explain, this.#info.engine);
      done += slice.length;
      onProgress?.({ stage: 'analyze', done, total: texts.length });
      return analyses;
    });
  }

  /** Base's analyses, once it is there; nothing where it fails, or nobody waits any more. */
  async #update(texts: readonly string[], options: api.AnalyzeOptions<never>, tell: (better: api.Analysis[]) => void): Promise<void> {
    const better = await this.#base.then(() => this.#analyzeAll(texts, 'base', options)).catch(() => undefined);
    if (better && !options.signal?.aborted && !this.#end.signal.aborted) tell(better);
  }

  async #loadCatalog(
    source: Parameters<api.Catalog['load']>[0],
    { signal, onProgress }: api.CatalogLoadOptions = {},
  ): Promise<api.CatalogInfo> {
    let file: Bytes;
    if (typeof source === 'string' || source instanceof URL) {
      file = await download('catalog', source, { fetch: this.#fetch, signal, onProgress });
    } else if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
      // A copy: the caller keeps the bytes, the core takes these.
      file = await gunzip(source instanceof ArrayBuffer ? new Uint8Array(source.slice(0)) : new Uint8Array(source), 'The catalogue given');
      checkMagic('catalog', file, 'The catalogue given');
    } else {
      throw new AftersenseError('invalid_argument', 'catalog.load takes an address, an ArrayBuffer or a Uint8Array.');
    }
    return this.#pool.loadCatalog(file, signal);
  }

  async #buildCatalog(products: readonly api.ProductInput[], { signal }: { readonly signal?: AbortSignal } = {}) {
    if (!Array.isArray(products)) throw new AftersenseError('invalid_argument', 'catalog.build takes an array of products.');
    for (const [i, product] of products.entries()) checkProduct(product, `products[${i}]`);
    return replies.builtCatalog(await this.#pool.call('buildCatalog', () => requests.buildCatalogRequest(products), signal));
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

function recommendTarget(request: api.RecommendRequest): Pick<requests.RecommendFields, 'productIds' | 'query'> {
  switch (request.for) {
    case 'product':
      checkString(request.id, 'id');
      return { productIds: [request.id] };
    case 'basket':
      checkStrings(request.ids, 'ids');
      return { productIds: request.ids };
    case 'query':
      checkText(request.text, 'text');
      return { query: request.text };
    default:
      request satisfies never;
      throw new AftersenseError(
        'invalid_argument',
        `recommend: "for" must be 'product', 'basket' or 'query', not ${String((request as { for: unknown }).for)}.`,
      );
  }
}
