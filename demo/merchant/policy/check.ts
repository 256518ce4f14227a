/** A policy as it is typed: what is wrong with it, and where that stands in the text. */
import { checkPolicy, type Policy, PolicyError, type PolicyProblem } from 'aftersense';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

export interface Problem {
  readonly kind: 'error' | 'warning';
  /** Of the policy; `syntax` is no JSON. */
  readonly code: PolicyProblem['code'] | 'syntax';
  /** A JSON pointer; empty for the whole, and for what is no JSON. */
  readonly path: string;
  readonly message: string;
  /** UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
}

export interface Reading {
  /** Absent where there are errors. */
  readonly policy?: Policy;
  readonly problems: readonly Problem[];
}

const segmentsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

const step = (node: Node | undefined, segment: string): Node | undefined =>
  node && findNodeAtLocation(node, [node.type === 'array' ? Number(segment) : segment]);

/** What a pointer points to; of what is missing, the object that lacks it. */
function nodeAt(root: Node, pointer: string): Node {
  let node = root;
  for (const segment of segmentsOf(pointer)) {
    const next = step(node, segment);
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** A property begins at its name. */
function spanOf(root: Node, pointer: string): { readonly start: number; readonly end: number } {
  const node = nodeAt(root, pointer);
  const { offset, length } = node.parent?.type === 'property' ? node.parent : node;
  return { start: offset, end: offset + length };
}

/** Where the value of a pointer stands in a text that is JSON. */
export function placeOf(text: string, pointer: string): { readonly start: number; readonly end: number } {
  const root = parseTree(text);
  return root ? spanOf(root, pointer) : { start: 0, end: 0 };
}

/** `CommaExpected` → `comma expected` */
const spelled = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).trim();

const syntaxProblem = ({ error, offset, length }: ParseError): Problem => ({
  kind: 'error',
  code: 'syntax',
  path: '',
  message: spelled(printParseErrorCode(error)),
  start: offset,
  end: offset + Math.max(1, length),
});

export function readPolicy(text: string): Reading {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  if (errors.length > 0 || root === undefined) return { problems: errors.slice(0, 1).map(syntaxProblem) };
  const placed = (kind: Problem['kind'], found: readonly PolicyProblem[]): Problem[] =>
    found.map((problem) => ({ kind, ...problem, ...spanOf(root, problem.path) }));
  try {
    const { policy, warnings } = checkPolicy(JSON.parse(text));
    return { policy, problems: placed('warning', warnings) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { problems: placed('error', error.problems) };
  }
}
