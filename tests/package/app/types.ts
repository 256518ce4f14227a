/** Checked by the compiler alone: the public types do what a strict project expects of them. */
import {
  type Aftersense,
  AftersenseAbortError,
  AftersenseError,
  type AftersenseErrorCode,
  type Analysis,
  type AnyRecommendation,
  type AnyRecommendRequest,
  type ArticleRecommendation,
  createAftersense,
  type ModelInfo,
  type OfferRecommendation,
  type Progress,
  type Recommendation,
  type SentimentLabel,
  version,
} from 'aftersense';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

export async function use(): Promise<void> {
  const desk: Aftersense = await createAftersense({
    worker: false,
    variant: 'auto',
    assets: { lite: '/l.aspack', base: '/b.aspack' },
    onProgress: tell,
  });
  const one = await desk.analyze('text');
  const many = await desk.analyze(['text'] as const, { explain: true, signal: new AbortController().signal });
  same<typeof one, Analysis>(true);
  same<typeof many, Analysis[]>(true);
  await desk.analyze('text', { tier: 'lite', onUpdate: (better) => console.log(better.tier) });
  await desk.analyze(['text'], { onUpdate: (better) => console.log(better[0]?.tier) });
  const vector = await desk.embed('text');
  same<typeof vector, Float32Array<ArrayBuffer>>(true);
  const model: ModelInfo = await desk.ready('base');
  const found = await desk.recommend({ for: 'basket', ids: ['a'], k: 3 });
  same<typeof found, Recommendation[]>(true);
  const offers = await desk.recommend({ for: 'offer', total: 99, currency: 'CNY' });
  same<typeof offers, OfferRecommendation[]>(true);
  const articles = await desk.recommend({ for: 'content', id: 'a' });
  same<typeof articles, ArticleRecommendation[]>(true);
  const surface: AnyRecommendRequest = { for: 'replenishment', suppress: false };
  const any = await desk.recommend(surface as AnyRecommendRequest);
  same<typeof any, AnyRecommendation[]>(true);
  console.log(found[0]?.reason.text.zh, found[0]?.reason.contributions[0]?.because[0]?.title, offers[0]?.missing, articles[0]?.article.url);
  // @ts-expect-error After a complaint there is no such wish.
  await desk.recommend({ for: 'complaint', id: 'a', wants: ['discount'] });
  // @ts-expect-error A query has a text, not an id.
  await desk.recommend({ for: 'query', id: 'a' });
  // @ts-expect-error Results are read-only.
  one.sentiment.label = 'positive';
  // @ts-expect-error There is no such variant.
  await createAftersense({ variant: 'threads' });
  // @ts-expect-error There is no such tier.
  await desk.ready('auto');
  await createAftersense({ engine: 'onnx', assets: { onnx: '/base.onnx', ort: '/ort.wasm' } });
  await createAftersense({ model: { onnx: new Uint8Array(), tokenizer: '/tokenizer.json', labels: ['a', 'b'] as const } });
  // @ts-expect-error There is no such engine.
  await createAftersense({ engine: 'webgpu' });
  // @ts-expect-error A classifier has labels.
  await createAftersense({ model: { onnx: '/own.onnx', tokenizer: '/tokenizer.json' } });
  console.log(one.engine === 'onnx', one.custom?.scores.a, one.custom?.truncated);
  const polarity: SentimentLabel | undefined = one.aspects?.find(({ aspect }) => aspect === 'logistics')?.polarity;
  // @ts-expect-error There is no such urgency.
  const urgent = one.urgency?.level === 'P0';
  console.log(polarity, urgent, model.tier);
  const text: string = version;
  console.log(text, one.evidence?.[0]?.score, one.keywords[0]?.text);
  desk.dispose();
}

function tell(progress: Progress): number | undefined {
  switch (progress.stage) {
    case 'analyze':
    case 'embed':
    case 'count':
    case 'shards':
      return progress.done / progress.total;
    default:
      return progress.loadedBytes;
  }
}

export function explain(error: unknown): AftersenseErrorCode | undefined {
  if (error instanceof AftersenseAbortError) return error.code;
  return error instanceof AftersenseError ? error.code : undefined;
}
