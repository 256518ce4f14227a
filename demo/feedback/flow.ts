/** Which part of the flow a decision of the desk opens. */
import type { Decision, Route } from 'aftersense';
import type { Step } from '../app/session.ts';

const steps: Readonly<Record<Route, Exclude<Step, 'none'>>> = {
  offer: 'pleased',
  answer: 'question',
  complaint: 'complaint',
  human: 'person',
};

/** Where the desk is not sure, or no rule has a say, the shopper says. */
export function stepOf({ route, abstained, reasons }: Decision): Exclude<Step, 'none'> {
  const noRule = reasons.every(({ rule }) => rule === '@fallback');
  return abstained || noRule ? 'unsure' : steps[route];
}
