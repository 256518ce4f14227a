/** What can go wrong, as one class with a literal `code`. A leaf: imports nothing. */

/** Codes of the C++ core, the names of its `ErrorCode` in that order (src/core/error.h). */
export const coreErrorCodes = [
  'invalid_argument',
  'text_too_long',
  'pack_truncated',
  'pack_wrong_type',
  'pack_wrong_version',
  'pack_corrupt',
  'model_missing',
  'catalog_missing',
  'duplicate_product',
  'unknown_product',
  'empty_catalog',
  'out_of_memory',
] as const;

/** Codes that only exist around the core. */
export const webErrorCodes = [
  /** The caller's `AbortSignal` fired; the error is an `AftersenseAbortError`, its `cause` the signal's reason. */
  'aborted',
  /** The handle was disposed: create a new one. */
  'disposed',
  /** A file did not arrive: the network, or an HTTP status other than 2xx. A retry may work. */
  'download_failed',
  /** What arrived at the address of the `.wasm` file is something else, often a web page. */
  'not_wasm',
  /** The engine has no WebAssembly, lacks the SIMD of the variant, or a Content Security Policy forbids WebAssembly. */
  'wasm_unsupported',
  /** The worker could not be started, or died. */
  'worker_failed',
  /** `onnxruntime-web` or `@huggingface/tokenizers`, which the options ask for, cannot be imported: install it. */
  'peer_missing',
  /** An ONNX model or a tokenizer.json is none, or does not fit what was said of it. */
  'onnx_invalid',
  /** An ONNX model could not be run, or answered with what is no number. */
  'onnx_failed',
  /** A case event that does not belong to the state the case is in. */
  'case_out_of_order',
  /** A case event whose turn it is, but what it needs is not there yet; the message says what. */
  'case_not_ready',
  /** A case event that this party may not send. */
  'case_forbidden',
  /** The case is closed or withdrawn: reopen it first. */
  'case_ended',
  /** An event or a case of this id is there already: it was sent twice. */
  'case_repeated',
  /** Somebody else, often another tab, moved the case on in the meantime; the error holds the newer case. */
  'case_conflict',
  /** There is no case of this id. */
  'case_unknown',
  /** What is to be imported is no file of cases, or its cases contradict their histories. */
  'case_file_invalid',
  /** The browser has no IndexedDB, refuses it, or it failed: cases live as long as the page. */
  'storage_unavailable',
  /** The browser grants no more room. */
  'storage_full',
  /** The shopper has not agreed to reports on trends, or to a profile, or no longer does. */
  'consent_missing',
  /** A newer version of this module has written the shopper's profile: it is left as it is. */
  'profile_wrong_version',
  /** A report would tell more of some days than the shopper agreed to, or its period was told of in another way. */
  'privacy_budget_spent',
  /** The analysis does not tell where personal data stands, so that no text may be handed off. */
  'redaction_unavailable',
  /** A policy is none, by its schema or its sense; the error is a `PolicyError`, its `problems` say where. */
  'policy_invalid',
  /** A shop's answers, or a file of them, are none; the error is an `AnswersError`, its `problems` say where. */
  'answers_invalid',
  /** The answers were embedded by another base model than the one that is loaded: build them again. */
  'answers_wrong_model',
  /** There are no answers: give `assets.answers`, or load them. */
  'answers_missing',
  /** A foresight model is none; the error is a `ForesightError`, its `path` says where. */
  'foresight_invalid',
  /** A file of interactions is none; the error is an `InteractionsError`, its `line` says where. */
  'interactions_invalid',
  /** A file given to the command is not what it should be, or broken; the message says where. */
  'input_invalid',
  /** The command needs Python 3.11 or newer with its module venv, or what `--python` names is no such Python. */
  'python_missing',
  /** The command's Python environment could not be made, or Python was ended. */
  'python_failed',
  /** A fault of this library; please report it. The handle is of no further use. */
  'internal',
] as const;

export type AftersenseErrorCode = (typeof coreErrorCodes)[number] | (typeof webErrorCodes)[number];

const known: ReadonlySet<string> = new Set([...coreErrorCodes, ...webErrorCodes]);

export class AftersenseError extends Error {
  readonly code: AftersenseErrorCode;

  constructor(code: AftersenseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AftersenseError';
    this.code = code;
  }
}

/** Has the name `AbortError`, as what `fetch` rejects with; `cause` is the signal's reason. */
export class AftersenseAbortError extends AftersenseError {
  constructor(reason: unknown) {
    super('aborted', 'The call was aborted by its signal.', { cause: reason });
    this.name = 'AbortError';
  }
}

/** An error as it crosses from the core or the worker. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** The one place where a failure that crossed a boundary becomes an error again. */
export function errorFrom(failure: Failure): AftersenseError {
  const error = known.has(failure.code)
    ? new AftersenseError(failure.code as AftersenseErrorCode, failure.message)
    : new AftersenseError('internal', `${failure.code}: ${failure.message}`);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}

/** The other way: anything thrown, as data. */
export function failureFrom(thrown: unknown): Failure {
  if (thrown instanceof AftersenseError) return { code: thrown.code, message: thrown.message, stack: thrown.stack };
  if (thrown instanceof Error) return { code: 'internal', message: `${thrown.name}: ${thrown.message}`, stack: thrown.stack };
  return { code: 'internal', message: String(thrown) };
}
