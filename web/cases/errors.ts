import { AftersenseError, type AftersenseErrorCode } from '../errors.ts';
import type { Case } from './types.ts';

/** What was refused about a case. */
export class CaseError extends AftersenseError {
  /** The case as it stands; with `case_conflict`, the newer one. */
  readonly case: Case | undefined;
  /** With `case_conflict`, where only memory had it: the case as this page had moved it on. Nothing else holds it any more. */
  readonly unsaved: Case | undefined;

  constructor(code: AftersenseErrorCode, message: string, known: { readonly case?: Case | undefined; readonly unsaved?: Case } = {}) {
    super(code, message);
    this.name = 'CaseError';
    this.case = known.case;
    this.unsaved = known.unsaved;
  }
}
