/** A policy checked: its shape by the schema, then what a schema cannot say. */
import { AftersenseError } from '../errors.ts';
import defaultJson from './default_policy.json' with { type: 'json' };
import { type SchemaError, validateSchema } from './generated.ts';
import { policyProblems, unreachableRules } from './policy_rules.ts';
import type { CheckedPolicy, Policy, PolicyProblem, PolicyProblemCode } from './types.ts';

/** Of the JSON as a whole; the schema limits its parts. */
const maxDepth = 32;
const maxValues = 50_000;

/** Code `policy_invalid`, with all that was found wrong. */
export class PolicyError extends AftersenseError {
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    const [first, ...others] = problems;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    super('policy_invalid', `The policy is not valid: ${first?.path || 'the whole'}: ${first?.message}${more}.`);
    this.problems = problems;
  }
}

const fail = (code: PolicyProblemCode, path: string, message: string) => new PolicyError([{ code, path, message }]);

/** One more step of a JSON pointer. */
const step = (path: string, key: string | number): string => `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Not of a class; of another frame's `Object` too. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A frozen copy of what JSON can say; throws on anything else, on cycles, and on what is too large to be a policy. */
function copyJson(root: unknown): unknown {
  let values = 0;
  const copy = (value: unknown, path: string, depth: number): unknown => {
    if (++values > maxValues) throw fail('too_large', '', `more than ${maxValues} values`);
    if (depth > maxDepth) throw fail('too_large', path, `more than ${maxDepth} levels deep`);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value;
      throw fail('out_of_range', path, `${value} is no finite number`);
    }
    if (Array.isArray(value)) return Object.freeze(Array.from(value, (item, i) => copy(item, step(path, i), depth + 1)));
    if (typeof value === 'object' && isPlain(value)) {
      const fields = Object.entries(value).filter(([, field]) => field !== undefined);
      return Object.freeze(Object.fromEntries(fields.map(([key, field]) => [key, copy(field, step(path, key), depth + 1)])));
    }
    throw fail('wrong_type', path, `${typeof value === 'object' ? 'an object of a class' : typeof value} is not JSON`);
  };
  return copy(root, '', 0);
}

const codes: Readonly<Record<string, PolicyProblemCode>> = {
  additionalProperties: 'unknown_field',
  unevaluatedProperties: 'unknown_field',
  required: 'missing_field',
  dependentRequired: 'missing_field',
  type: 'wrong_type',
  enum: 'not_allowed',
  const: 'not_allowed',
  pattern: 'not_allowed',
  propertyNames: 'not_allowed',
  maxItems: 'too_large',
  maxLength: 'too_large',
  maxProperties: 'too_large',
};

function schemaProblem({ keyword, instancePath, message, params }: SchemaError): PolicyProblem {
  const code = codes[keyword] ?? 'out_of_range';
  const field = params.additionalProperty ?? params.unevaluatedProperty ?? params.missingProperty ?? params.propertyName;
  const path = typeof field === 'string' ? step(instancePath, field) : instancePath;
  const allowed = params.allowedValues ?? params.allowedValue;
  if (code === 'unknown_field') return { code, path, message: 'unknown field' };
  if (code === 'missing_field') return { code, path, message: 'is missing' };
  if (keyword === 'propertyNames') return { code, path, message: 'a name has lower-case letters, digits and _, and begins with a letter' };
  return { code, path, message: allowed === undefined ? `${message}` : `${message}: ${JSON.stringify(allowed)}` };
}

/** What only repeats another error: the `if` of an `if`/`then`, and the pattern behind `propertyNames`. */
const repeats = (error: SchemaError): boolean => error.keyword === 'if' || error.propertyName !== undefined;

/** Frozen through and through, so that they stay as they were when checked. */
const checked = new WeakSet<object>();

/** Throws a `PolicyError` unless `value` is a policy. */
export function checkPolicy(value: unknown): CheckedPolicy {
  const copy = copyJson(value);
  if (!validateSchema(copy)) throw new PolicyError((validateSchema.errors ?? []).filter((error) => !repeats(error)).map(schemaProblem));
  const policy = copy as Policy;
  const problems = policyProblems(policy);
  if (problems.length > 0) throw new PolicyError(problems);
  checked.add(policy);
  return { policy, warnings: unreachableRules(policy) };
}

/** What a handle goes by that was given no policy: a start to edit. A test checks it. */
export const defaultPolicy = copyJson(defaultJson) as Policy;
checked.add(defaultPolicy);

/** The policy, checked; what `checkPolicy` gave is not checked again. */
export const usablePolicy = (value: Policy): Policy =>
  typeof value === 'object' && value !== null && checked.has(value) ? value : checkPolicy(value).policy;
