/** Checks of a request to recommend: JavaScript callers have no compiler. Each throws `invalid_argument` naming the value. */
import { checkInteger, checkOneOf, checkString, checkStrings, checkText } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import type { AnyRecommendRequest, Surface, Wanted } from './types.ts';

const maxK = 1000;
const allWanted: readonly Wanted[] = ['spare_part', 'exchange', 'accessory'];

type Fields = Readonly<Record<string, unknown>>;
const invalid = (message: string) => new AftersenseError('invalid_argument', message);

function checkObject(value: unknown, name: string): asserts value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} must be an object.`);
}

function checkNumber(value: unknown, name: string, min: number, max: number): void {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    const range = max === Number.MAX_VALUE ? `a finite number${min === 0 ? ' of at least 0' : ''}` : `a number from ${min} to ${max}`;
    throw invalid(`${name} must be ${range}, not ${String(value)}.`);
  }
}

function checkFilter(filter: unknown): void {
  checkObject(filter, 'filter');
  for (const bound of ['minPrice', 'maxPrice'])
    if (filter[bound] !== undefined) checkNumber(filter[bound], `filter.${bound}`, -Number.MAX_VALUE, Number.MAX_VALUE);
  for (const list of ['categories', 'brands', 'sellers']) if (filter[list] !== undefined) checkStrings(filter[list], `filter.${list}`);
  if (filter.soldOut !== undefined && typeof filter.soldOut !== 'boolean') throw invalid('filter.soldOut must be true or false.');
}

function checkWants(wants: unknown): void {
  checkStrings(wants, 'wants');
  for (const [i, wanted] of wants.entries()) checkOneOf(wanted, `wants[${i}]`, allWanted);
}

function checkBasket({ ids }: Fields): void {
  checkStrings(ids, 'ids');
  if (ids.length === 0) throw invalid('ids is empty: a basket has at least one product.');
}

function checkOffer({ ids, total, currency }: Fields): void {
  if (ids !== undefined) checkStrings(ids, 'ids');
  if (total !== undefined) checkNumber(total, 'total', 0, Number.MAX_VALUE);
  if (currency !== undefined) checkString(currency, 'currency');
}

function checkContent({ id, text }: Fields): void {
  if (id !== undefined && text !== undefined) throw invalid('Content is asked for by id or by text, not by both.');
  if (id !== undefined) checkString(id, 'id');
  if (text !== undefined) checkText(text, 'text');
}

function checkComplaint({ id, wants }: Fields): void {
  checkString(id, 'id');
  if (wants !== undefined) checkWants(wants);
}

/** What each surface asks by. */
const targets: Readonly<Record<Surface, (request: Fields) => void>> = {
  product: ({ id }) => checkString(id, 'id'),
  basket: checkBasket,
  query: ({ text }) => checkText(text, 'text'),
  profile: () => {},
  viewed: ({ id }) => (id === undefined ? undefined : checkString(id, 'id')),
  replenishment: () => {},
  complaint: checkComplaint,
  offer: checkOffer,
  content: checkContent,
};
const surfaces = Object.keys(targets) as Surface[];

export function checkRequest(request: unknown): asserts request is AnyRecommendRequest {
  checkObject(request, 'The request');
  if (!surfaces.includes(request.for as Surface)) {
    const names = surfaces.map((surface) => `'${surface}'`).join(', ');
    throw invalid(`recommend: "for" must be one of ${names}, not ${String(request.for)}.`);
  }
  if (request.k !== undefined) checkInteger(request.k, 'k', 1, maxK);
  if (request.exclude !== undefined) checkStrings(request.exclude, 'exclude');
  if (request.filter !== undefined) checkFilter(request.filter);
  for (const share of ['diversity', 'fairness']) if (request[share] !== undefined) checkNumber(request[share], share, 0, 1);
  // The options of `suppressed` are checked by the profile.
  if (request.suppress !== undefined && request.suppress !== false) checkObject(request.suppress, 'suppress');
  targets[request.for as Surface](request);
}
