export { createAftersense } from './create.ts';
export { AftersenseAbortError, AftersenseError, type AftersenseErrorCode } from './errors.ts';
export type * from './types.ts';
export { version } from './version.ts';
