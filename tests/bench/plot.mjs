// Pure: line charts as SVG, both axes logarithmic.

const colours = ['#1b6ca8', '#d1495b', '#3a7d44', '#8e6c8a', '#c98a1b'];
const panel = { width: 460, height: 320, left: 64, right: 120, top: 34, bottom: 46 };
const escapeXml = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);

/** 1, 2 or 5 times a power of ten, from the last one below the values to the first one above. */
export function ticks(values) {
  const steps = [];
  for (let power = -6; power <= 9; power++) steps.push(...[1, 2, 5].map((digit) => digit * 10 ** power));
  const least = steps.findLastIndex((step) => step <= Math.min(...values));
  const most = steps.findIndex((step) => step >= Math.max(...values));
  return steps.slice(Math.max(least, 0), most + 1);
}

/** Maps `[from, to]` onto `[start, end]` by logarithms. */
const logScale = (from, to, start, end) => (value) => start + ((end - start) * Math.log(value / from)) / Math.log(to / from || 1);

function drawPanel({ title, x, y, series }, top) {
  const { width, height, left, right, bottom } = panel;
  const points = series.flatMap((line) => line.points);
  const xs = [...new Set(points.map(([value]) => value))].sort((a, b) => a - b);
  const ys = ticks(points.map(([, value]) => value));
  const toX = logScale(xs[0], xs.at(-1), left, width - right);
  const toY = logScale(ys[0], ys.at(-1), height - bottom, panel.top);
  const text = (px, py, anchor, words, more = '') =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" text-anchor="${anchor}" ${more}>${escapeXml(String(words))}</text>`;
  const parts = [text(left, 20, 'start', title, 'font-weight="bold"')];
  for (const value of ys) {
    const py = toY(value).toFixed(1);
    parts.push(`<path d="M${left} ${py}H${width - right}" stroke="#ddd"/>`, text(left - 6, Number(py) + 4, 'end', value));
  }
  for (const value of xs) parts.push(text(toX(value), height - bottom + 16, 'middle', value));
  parts.push(text((left + width - right) / 2, height - 10, 'middle', x));
  parts.push(text(14, height / 2, 'middle', y, `transform="rotate(-90 14 ${height / 2})"`));
  for (const [i, line] of series.entries()) {
    const colour = colours[i % colours.length];
    const path = line.points.map(([px, py], at) => `${at ? 'L' : 'M'}${toX(px).toFixed(1)} ${toY(py).toFixed(1)}`).join('');
    parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const [px, py] of line.points)
      parts.push(`<circle cx="${toX(px).toFixed(1)}" cy="${toY(py).toFixed(1)}" r="3" fill="${colour}"/>`);
    parts.push(text(width - right + 10, panel.top + 12 + 18 * i, 'start', line.label, `fill="${colour}"`));
  }
  return `<g transform="translate(0 ${top})">${parts.join('')}</g>`;
}

/** Charts `{ title, x, y, series: [{ label, points: [[x, y], …] }] }`, one below the other. Values are positive. */
export function toSvg(charts) {
  const height = panel.height * charts.length;
  const body = charts.map((chart, i) => drawPanel(chart, i * panel.height)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panel.width} ${height}" width="${panel.width}" height="${height}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${body}</svg>\n`;
}
