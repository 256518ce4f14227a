/** React hooks over the module: `react` 18 or newer is a peer. */
import { useEffect, useState } from 'react';
import { createAftersense } from '../index.ts';
import type {
  AnyRecommendRequest,
  ArticleRecommendation,
  ContentRequest,
  OfferRecommendation,
  OfferRequest,
  Recommendation,
  RecommendRequest,
} from '../recommend/types.ts';
import type { Aftersense, AftersenseOptions } from '../types.ts';

export type AftersenseState =
  | { readonly status: 'loading'; readonly desk: undefined; readonly error: undefined }
  | { readonly status: 'ready'; readonly desk: Aftersense; readonly error: undefined }
  | { readonly status: 'failed'; readonly desk: undefined; readonly error: Error };

const loading = { status: 'loading', desk: undefined, error: undefined } as const;
const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * One handle for as long as the component is mounted: created once, with the options of the first render, and disposed of when the component
 * goes. Keep it high in the tree and pass `desk` down: each use loads the models again.
 */
export function useAftersense(options: Omit<AftersenseOptions, 'signal'> = {}): AftersenseState {
  const [state, setState] = useState<AftersenseState>(loading);
  const [first] = useState(options);
  useEffect(() => {
    const mounted = new AbortController();
    let desk: Aftersense | undefined;
    // StrictMode mounts, unmounts and mounts again at once: what is put off for one microtask is then created once.
    queueMicrotask(async () => {
      if (mounted.signal.aborted) return;
      try {
        const created = await createAftersense({ ...first, signal: mounted.signal });
        if (mounted.signal.aborted) {
          created.dispose();
          return;
        }
        desk = created;
        setState({ status: 'ready', desk, error: undefined });
      } catch (error) {
        if (!mounted.signal.aborted) setState({ status: 'failed', desk: undefined, error: asError(error) });
      }
    });
    return () => {
      mounted.abort();
      desk?.dispose();
      setState(loading);
    };
  }, [first]);
  return state;
}

/** What `desk.recommend` gives for a request. */
export type RecommendedFor<Request> = Request extends OfferRequest
  ? OfferRecommendation
  : Request extends ContentRequest
    ? ArticleRecommendation
    : Recommendation;

export interface RecommendationsState<Item> {
  /** `idle`: without a desk, or a request. While another request is under way, `items` are those before. */
  readonly status: 'idle' | 'loading' | 'ready' | 'failed';
  readonly items: readonly Item[];
  readonly error: Error | undefined;
  /** Asks again, such as after something was recorded in the profile. */
  readonly refresh: () => void;
}

/** Asks again when the desk or what the request says changes; a request that is written anew in each render is the same. */
export function useRecommendations<Request extends RecommendRequest | OfferRequest | ContentRequest>(
  desk: Pick<Aftersense, 'recommend'> | undefined,
  request: Request | undefined,
): RecommendationsState<RecommendedFor<Request>> {
  type Item = RecommendedFor<Request>;
  type Result = Omit<RecommendationsState<Item>, 'refresh'>;
  const [result, setResult] = useState<Result>({ status: 'idle', items: [], error: undefined });
  const [times, setTimes] = useState(0);
  const [refresh] = useState(() => () => setTimes((before) => before + 1));
  const said = request && JSON.stringify({ ...request, signal: undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `said` stands for the request, `times` asks again.
  useEffect(() => {
    if (!desk || said === undefined) {
      setResult({ status: 'idle', items: [], error: undefined });
      return;
    }
    const current = new AbortController();
    setResult(({ items }) => ({ status: 'loading', items, error: undefined }));
    const asked: AnyRecommendRequest = { ...(JSON.parse(said) as AnyRecommendRequest), signal: current.signal };
    desk.recommend(asked).then(
      (items) => {
        if (!current.signal.aborted)
          setResult({ status: 'ready', items: items as readonly unknown[] as readonly Item[], error: undefined });
      },
      (error: unknown) => {
        if (!current.signal.aborted) setResult({ status: 'failed', items: [], error: asError(error) });
      },
    );
    return () => current.abort();
  }, [desk, said, times]);
  return { ...result, refresh };
}
