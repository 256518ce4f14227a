/**
 * Drawing vocabulary shared by all product pictures: shapes as SVG text, palettes, and two-tone shading.
 * Canvas: 320 × 320, object centred on x = 160, standing on y ≈ 252. Only presentation attributes are used, never
 * `style`, so the pictures work under a strict Content-Security-Policy.
 */

const number = (value) => String(Math.round(value * 100) / 100);

export const rect = (x, y, width, height, radius, fill) =>
  `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="${number(radius)}" fill="${fill}"/>`;
export const circle = (cx, cy, r, fill) => `<circle cx="${number(cx)}" cy="${number(cy)}" r="${number(r)}" fill="${fill}"/>`;
export const ellipse = (cx, cy, rx, ry, fill) =>
  `<ellipse cx="${number(cx)}" cy="${number(cy)}" rx="${number(rx)}" ry="${number(ry)}" fill="${fill}"/>`;
export const path = (d, fill) => `<path d="${d}" fill="${fill}"/>`;
export const line = (d, stroke, width) =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
export const group = (transform, ...shapes) => `<g transform="${transform}">${shapes.flat(9).join('')}</g>`;
export const faded = (opacity, ...shapes) => `<g opacity="${opacity}">${shapes.flat(9).join('')}</g>`;

/** `count` shapes, one for each index. */
export const each = (count, draw) => Array.from({ length: count }, (_, index) => draw(index));

/** A drawing with variants: the variant number chooses one. */
export const pick =
  (...variants) =>
  (colours, variant) =>
    variants[variant % variants.length](colours);

/** The soft shadow under a standing object. */
export const ground = (halfWidth, y = 254) => faded(0.13, ellipse(160, y, halfWidth, 9, '#1d2126'));

/** Fill that gives any closed shape a lit left edge and a shaded right side; `gradients` defines what it refers to. */
export const toned = (colour) => `url(#t-${colour.slice(1)})`;

const mix = (colour, other, share) => {
  const channel = (text, at) => Number.parseInt(text.slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) =>
      Math.round(channel(colour, at) * (1 - share) + channel(other, at) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
};

/** Definitions for every `toned` fill used in `markup`. Hard stops keep the flat look. */
export const gradients = (markup) =>
  [...new Set([...markup.matchAll(/url\(#t-([0-9a-f]{6})\)/g)].map((match) => match[1]))]
    .sort()
    .map((hex) => {
      const base = `#${hex}`;
      const lit = mix(base, '#ffffff', 0.2);
      const shade = mix(base, '#2b2430', 0.13);
      const stop = (offset, colour) => `<stop offset="${offset}" stop-color="${colour}"/>`;
      return `<linearGradient id="t-${hex}" x1="0" y1="0" x2="1" y2=".1">${stop(0.14, lit)}${stop(0.14, base)}${stop(0.72, base)}${stop(0.72, shade)}</linearGradient>`;
    })
    .join('');

/** Picture background: a tinted ground with a lighter disc. */
export const backdrop = (colours) => rect(0, 0, 320, 320, 0, colours.ground) + faded(0.55, circle(160, 160, 128, '#ffffff'));

export const palettes = {
  clay: { ground: '#f3e4da', main: '#c8755a', deep: '#7c3f30', soft: '#ebc4b4', pop: '#eeb25c' },
  sage: { ground: '#e3ebde', main: '#8aa682', deep: '#476142', soft: '#c8d8c1', pop: '#e09d55' },
  ink: { ground: '#dfe6ee', main: '#42607f', deep: '#20344a', soft: '#a9bfd4', pop: '#e8935f' },
  sand: { ground: '#f4ecdd', main: '#d8ba8b', deep: '#8b6a3e', soft: '#efe1c7', pop: '#6f9484' },
  plum: { ground: '#efe2e9', main: '#8f5c7a', deep: '#542f47', soft: '#d6b4c8', pop: '#e6b65c' },
  sky: { ground: '#dfedf3', main: '#7db1c9', deep: '#35647b', soft: '#c5e1ec', pop: '#f09a78' },
  mustard: { ground: '#f7edd2', main: '#dea73f', deep: '#8a6114', soft: '#f3db9d', pop: '#567d84' },
  rose: { ground: '#f8e5e4', main: '#de9195', deep: '#8f474e', soft: '#f4cbcb', pop: '#64896f' },
  forest: { ground: '#dfeae4', main: '#40715e', deep: '#1f4236', soft: '#a8c7b9', pop: '#e2a65a' },
  charcoal: { ground: '#e8e6e2', main: '#55575d', deep: '#2a2b2f', soft: '#b7b7bb', pop: '#d9795a' },
  snow: { ground: '#cbdae1', main: '#f8f6f1', deep: '#7e8890', soft: '#e2e6e8', pop: '#6fa0b5' },
};

export const wood = '#c99a66';
export const darkWood = '#9a6d42';
export const steel = '#c6cdd3';
export const darkSteel = '#8b959d';
export const glass = '#d3e7ec';
export const paper = '#fbf7ee';
export const leaf = '#7d9f6b';
export const brass = '#d9b25f';
export const dark = '#2f3338';
