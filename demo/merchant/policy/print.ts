/** JSON as one would write it by hand: what fits in a line stands in one, and lists of words fill their lines. */

const width = 96;
const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Items separated by commas, as many in a line as fit. */
function fill(items: readonly string[], pad: string): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last === undefined || pad.length + last.length + item.length + 3 > width) lines.push(item);
    else lines[lines.length - 1] = `${last}, ${item}`;
  }
  return lines.map((line) => pad + line).join(',\n');
}

export function printJson(value: unknown, indent = ''): string {
  if (isScalar(value)) return JSON.stringify(value);
  const pad = `${indent}  `;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => printJson(item, pad))
    : Object.entries(value as object).map(([key, field]) => `${JSON.stringify(key)}: ${printJson(field, pad)}`);
  const [open, close] = isList ? ['[', ']'] : ['{ ', ' }'];
  if (items.length === 0) return isList ? '[]' : '{}';
  const line = open + items.join(', ') + close;
  if (!line.includes('\n') && indent.length + line.length <= width) return line;
  const body = isList && value.every(isScalar) ? fill(items, pad) : items.map((item) => pad + item).join(',\n');
  return `${open.trim()}\n${body}\n${indent}${close.trim()}`;
}
