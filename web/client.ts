/** The handle that `createAftersense` returns: verbs over a core, one call at a time. */
import { download } from './assets/download.ts';
import { gunzip } from './assets/gzip.ts';
import { checkMagic } from './assets/magic.ts';
import { checkInteger, checkProduct, checkString, checkStrings, checkText } from './checks.ts';
import { AftersenseError } from './errors.ts';
import { Lane } from './lane.ts';
import * as replies from './messages/replies.ts';
import * as requests from './messages/requests.ts';
import type { Bytes, Core, CoreMethod } from './protocol.ts';
import { slices } from './slices.ts';
import type * as api from './types.ts';

const maxUint32 = 0xffff_ffff;
const defaultK = 5;
const maxK = 1000;

export class Client implements api.Aftersense {
  readonly info: api.AftersenseInfo;
  readonly catalog: api.Catalog;
  readonly #core: Core;
  readonly #lane = new Lane();
  readonly #fetch: typeof fetch | undefined;

  constructor(core: Core, info: api.AftersenseInfo, options: { readonly fetch?: typeof fetch | undefined } = {}) {
    this.#core = core;
    this.#fetch = options.fetch;
    this.info = info;
    this.catalog = {
      load: (source, loadOptions) => this.#loadCatalog(source, loadOptions),
      build: (products, buildOptions) => this.#buildCatalog(products, buildOptions),
      list: (listOptions) => this.#listProducts(listOptions),
    };
  }

  analyze(text: string, options?: api.AnalyzeOptions): Promise<api.Analysis>;
  analyze(texts: readonly string[], options?: api.AnalyzeOptions): Promise<api.Analysis[]>;
  async analyze(input: string | readonly string[], options: api.AnalyzeOptions = {}): Promise<api.Analysis | api.Analysis[]> {
    if (typeof input === 'string') {
      const [analysis] = await this.#analyzeAll([input], options);
      return analysis as api.Analysis;
    }
    if (!Array.isArray(input)) checkString(input, 'text');
    // A copy: the caller may change the array while slices wait.
    return this.#analyzeAll([...input], options);
  }

  async recommend(request: api.RecommendRequest): Promise<api.Recommendation[]> {
    const { k = defaultK, exclude = [] } = request;
    checkInteger(k, 'k', 1, maxK);
    checkStrings(exclude, 'exclude');
    const fields = { ...recommendTarget(request), k, exclude };
    return replies.recommendations(await this.#call('recommend', () => requests.recommendRequest(fields), request.signal));
  }

  dispose(): void {
    this.#lane.close(new AftersenseError('disposed', 'The handle was disposed. Create a new one with createAftersense.'));
    this.#core.dispose();
  }

  /** The request is built when its turn comes, so that what waits holds no memory. */
  #call(method: CoreMethod, request: () => Bytes, signal?: AbortSignal): Promise<Bytes> {
    return this.#lane.run(() => this.#core.call(method, request()), signal);
  }

  async #analyzeAll(texts: readonly string[], { explain = false, signal, onProgress }: api.AnalyzeOptions): Promise<api.Analysis[]> {
    for (const [i, text] of texts.entries()) checkText(text, texts.length === 1 ? 'text' : `texts[${i}]`);
    const analyses: api.Analysis[] = [];
    for (const { start, end } of slices(texts)) {
      const slice = texts.slice(start, end);
      const reply = await this.#call('analyze', () => requests.analyzeRequest(slice, explain), signal);
      analyses.push(...replies.analyses(reply, slice, explain));
      onProgress?.({ stage: 'analyze', done: end, total: texts.length });
    }
    return analyses;
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
    return replies.catalogInfo(await this.#call('loadCatalog', () => file, signal));
  }

  async #buildCatalog(products: readonly api.ProductInput[], { signal }: { readonly signal?: AbortSignal } = {}) {
    if (!Array.isArray(products)) throw new AftersenseError('invalid_argument', 'catalog.build takes an array of products.');
    for (const [i, product] of products.entries()) checkProduct(product, `products[${i}]`);
    return replies.builtCatalog(await this.#call('buildCatalog', () => requests.buildCatalogRequest(products), signal));
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
    return replies.products(await this.#call('listProducts', () => requests.listRequest(offset, limit)));
  }
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
