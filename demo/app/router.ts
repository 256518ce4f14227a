/** Routes live in the fragment, so that the built page works from any folder and moving about asks nothing of the server. */

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'category'; readonly id: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'product'; readonly id: string }
  | { readonly kind: 'basket' }
  | { readonly kind: 'cases' }
  | { readonly kind: 'you' }
  | { readonly kind: 'care' }
  | { readonly kind: 'article'; readonly id: string }
  | { readonly kind: 'case'; readonly id: string }
  | { readonly kind: 'missing' };

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [head = '', id = ''] = path.split('/', 2);
  switch (head) {
    case '':
      return { kind: 'home' };
    case 'c':
      return { kind: 'category', id };
    case 'p':
      return { kind: 'product', id };
    case 'case':
      return { kind: 'case', id: decodeURIComponent(id) };
    case 's':
      return { kind: 'search', query: new URLSearchParams(search).get('q') ?? '' };
    case 'all':
    case 'basket':
    case 'cases':
    case 'you':
      return { kind: head };
    case 'care':
      return id === '' ? { kind: 'care' } : { kind: 'article', id };
    default:
      return { kind: 'missing' };
  }
}

/** Ends the address of a product page that should open at its feedback form. */
export const feedbackMark = '?feedback';

export const links = {
  home: '#/',
  all: '#/all',
  basket: '#/basket',
  cases: '#/cases',
  you: '#/you',
  care: '#/care',
  article: (id: string): string => `#/care/${id}`,
  case: (id: string): string => `#/case/${encodeURIComponent(id)}`,
  category: (id: string): string => `#/c/${id}`,
  product: (id: string): string => `#/p/${id}`,
  feedback: (id: string): string => `#/p/${id}${feedbackMark}`,
  search: (query: string): string => `#/s?${new URLSearchParams({ q: query })}`,
};
