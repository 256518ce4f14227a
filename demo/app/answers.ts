/**
 * The shop's answers: those that ship, fetched when the page loads, and what was changed on this device, kept in `localStorage`. Changed
 * answers are read anew here before they can be suggested.
 */
import { type Aftersense, AftersenseError, type Answer } from 'aftersense';
import answersAddress from 'aftersense/aftersense-answers.asans?url';
import { onDeskChange } from './desk.ts';

const storageKey = 'halfacre.answers';
type Changes = Readonly<Record<string, Answer>>;

/** How far the desk is with the answers as they are now. */
export type SetState =
  | { readonly status: 'loading' }
  | { readonly status: 'reading'; readonly done: number; readonly total: number }
  | { readonly status: 'ready' }
  | { readonly status: 'failed'; readonly reason: string };

let shipped: readonly Answer[] = [];
let file: Uint8Array<ArrayBuffer> | undefined;
let changes = restore();
let state: SetState = { status: 'loading' };
let desk: Aftersense | undefined;
let applying = new AbortController();
const listeners = new Set<() => void>();

function restore(): Changes {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Changes;
  } catch {
    return {};
  }
}

function tell(next: SetState): void {
  state = next;
  for (const listener of listeners) listener();
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Has the desk suggest from the answers as they are now. A newer call supersedes an older one; until it is done, those before are suggested. */
async function apply(): Promise<void> {
  if (!desk || !file) return;
  applying.abort();
  applying = new AbortController();
  const { signal } = applying;
  try {
    const isChanged = Object.keys(changes).length > 0;
    const bytes = isChanged ? (await desk.answers.build(answers(), { signal, onProgress: report })).bytes : file.slice();
    signal.throwIfAborted();
    await desk.answers.load(bytes, { signal });
    tell({ status: 'ready' });
  } catch (error) {
    if (signal.aborted) return;
    tell({ status: 'failed', reason: reasonOf(error) });
    if (!(error instanceof AftersenseError)) throw error;
  }
}

function report(progress: { readonly stage: string; readonly done?: number; readonly total?: number }): void {
  if (progress.done !== undefined && progress.total !== undefined) tell({ status: 'reading', done: progress.done, total: progress.total });
}

/** The file is JSON, compressed. */
const unpacked = (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();

/** Fetches the answers that ship; the desk gets them when it is ready. */
export async function startAnswers(): Promise<void> {
  onDeskChange((next) => {
    if (next.status !== 'ready' || next.desk === desk) return;
    desk = next.desk;
    void apply();
  });
  try {
    const response = await fetch(answersAddress);
    if (!response.ok) throw new Error(`answers: HTTP ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { answers: found } = JSON.parse(await unpacked(bytes)) as { readonly answers: readonly Answer[] };
    [file, shipped] = [bytes, found];
  } catch (error) {
    return tell({ status: 'failed', reason: reasonOf(error) });
  }
  tell(state);
  await apply();
}

export const answers = (): readonly Answer[] => shipped.map((answer) => changes[answer.id] ?? answer);
export const isChanged = (id: string): boolean => id in changes;
export const setState = (): SetState => state;

/** The desk, once it suggests from these answers. */
export const answerDesk = (): Aftersense | undefined => (file ? desk : undefined);

function keep(next: Changes): void {
  changes = next;
  try {
    localStorage.setItem(storageKey, JSON.stringify(changes));
  } catch {
    // Refused or full: the copy in memory still serves this page.
  }
  tell({ status: 'loading' });
  void apply();
}

/** `answer` has been checked. */
export const saveAnswer = (answer: Answer): void => keep({ ...changes, [answer.id]: answer });

export function restoreAnswer(id: string): void {
  const { [id]: _, ...rest } = changes;
  keep(rest);
}

/** Calls `listener` after every change until `signal` aborts. */
export function onAnswersChange(listener: () => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}
