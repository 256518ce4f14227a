// Pure: rows as text.

const units = {
  ms: (value) => (value < 1 ? `${(value * 1000).toFixed(0)} µs` : `${value.toFixed(value < 100 ? 2 : 0)} ms`),
  bytes: (value) => (value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(2)} MB`),
};

/** Three digits, or all before the point. */
const digits = (value) => (value < 100 ? value.toPrecision(3) : value.toFixed(0));

export const format = (value, unit) => (value === undefined ? '' : (units[unit]?.(value) ?? `${digits(value)} ${unit}`));

const spread = (row) => (row ? `${digits(row.p25)}–${digits(row.p75)}, ${digits(row.p95)}` : '');

function verdict({ bar, passed }) {
  if (bar === undefined) return '';
  const [[what, limit]] = Object.entries(bar);
  return `${passed ? 'passed' : 'SHORT'} (${what} ${what === 'ratio' ? '≥' : '≤'} ${limit})`;
}

const head = ['measurement', 'ours', 'p25–p75, p95', 'peer', 'p25–p75, p95', 'ratio', 'bar', 'peer is / note'];

const cells = (row) => [
  row.name,
  format(row.ours, row.unit),
  spread(row.oursSpread),
  format(row.peer, row.unit),
  spread(row.peerSpread),
  row.ratio === undefined ? '' : `× ${row.ratio.toFixed(2)}`,
  verdict(row),
  [row.peerName, row.note].filter(Boolean).join('; '),
];

/** Rows as lines in columns, and how many bars were passed. The row of the device comes first, as it is. */
export function toTable(rows) {
  const { name: _, ...device } = rows.find(({ name }) => name === 'device') ?? {};
  const measured = rows.filter(({ name }) => name !== 'device');
  const lines = [head, ...measured.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const toLine = (line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  // The last column is text.
  const text = lines.map((line) => `${toLine(line.slice(0, -1))}  ${line.at(-1)}`.trimEnd());
  const bars = measured.filter(({ bar }) => bar !== undefined);
  const about = Object.entries(device).map(([key, value]) => `${key}: ${[value].flat().join(' ')}`);
  const passed = bars.filter((row) => row.passed).length;
  return `${[...about, '', ...text, '', `${passed} of ${bars.length} bars passed`].join('\n')}\n`;
}
