/** Checked by the compiler alone: the public types do what a strict project expects of them. */
import {
  type Aftersense,
  AftersenseAbortError,
  AftersenseError,
  type AftersenseErrorCode,
  type Analysis,
  createAftersense,
  type Progress,
  type Recommendation,
  version,
} from 'aftersense';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

export async function use(): Promise<void> {
  const desk: Aftersense = await createAftersense({ worker: false, variant: 'auto', assets: { model: '/m.aspack' }, onProgress: tell });
  const one = await desk.analyze('text');
  const many = await desk.analyze(['text'] as const, { explain: true, signal: new AbortController().signal });
  same<typeof one, Analysis>(true);
  same<typeof many, Analysis[]>(true);
  const found = await desk.recommend({ for: 'basket', ids: ['a'], k: 3 });
  same<typeof found, Recommendation[]>(true);
  // @ts-expect-error A query has a text, not an id.
  await desk.recommend({ for: 'query', id: 'a' });
  // @ts-expect-error Results are read-only.
  one.sentiment.label = 'positive';
  // @ts-expect-error There is no such variant.
  await createAftersense({ variant: 'threads' });
  const text: string = version;
  console.log(text, one.evidence?.[0]?.score, one.keywords[0]?.text);
  desk.dispose();
}

function tell(progress: Progress): number | undefined {
  switch (progress.stage) {
    case 'analyze':
      return progress.done / progress.total;
    default:
      return progress.loadedBytes;
  }
}

export function explain(error: unknown): AftersenseErrorCode | undefined {
  if (error instanceof AftersenseAbortError) return error.code;
  return error instanceof AftersenseError ? error.code : undefined;
}
