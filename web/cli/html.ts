/** The text of what may be HTML: product feeds have descriptions with markup, and titles with entities. */
import { Parser } from 'htmlparser2';

/** Not `x < y`, nor `AT&T`. */
const mayBeHtml = (text: string): boolean => (/<[a-z/!]/i.test(text) && text.includes('>')) || /&(#\d|#x[\da-f]|[a-z]+;)/i.test(text);

/** Elements inside of a line; all others part words. */
const inline = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'cite',
  'code',
  'em',
  'font',
  'i',
  'mark',
  's',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'u',
]);
const unseen = new Set(['script', 'style', 'template', 'title']);

/** Without tags, comments, scripts and styles, entities decoded, each run of white space one space. */
export function plainText(html: string): string {
  if (!mayBeHtml(html)) return html;
  const parts: string[] = [];
  let hidden = 0;
  const at = (name: string, step: 1 | -1) => {
    if (unseen.has(name)) hidden = Math.max(0, hidden + step);
    if (!inline.has(name)) parts.push(' ');
  };
  const parser = new Parser({
    onopentag: (name) => at(name, 1),
    onclosetag: (name) => at(name, -1),
    ontext: (text) => hidden === 0 && parts.push(text),
  });
  parser.end(html);
  return parts.join('').replace(/\s+/g, ' ').trim();
}
