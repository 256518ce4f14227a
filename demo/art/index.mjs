/** All drawings by name, and the sprite of a catalogue: one `<symbol>` a product. */
import { care } from './care.mjs';
import { desk } from './desk.mjs';
import { home } from './home.mjs';
import { kitchen } from './kitchen.mjs';
import { outdoor } from './outdoor.mjs';
import { parts } from './parts.mjs';
import { backdrop, gradients, palettes } from './pen.mjs';

const drawings = { ...kitchen, ...home, ...care, ...outdoor, ...desk, ...parts };

/** The products that share drawing and variant only differ in colour; both names must exist. */
export function drawPicture({ drawing, palette, variant }) {
  const draw = drawings[drawing];
  const colours = palettes[palette];
  if (draw === undefined) throw new Error(`no drawing named "${drawing}"; known: ${Object.keys(drawings).join(' ')}`);
  if (colours === undefined) throw new Error(`no palette named "${palette}"; known: ${Object.keys(palettes).join(' ')}`);
  return backdrop(colours) + [draw(colours, variant)].flat(9).join('');
}

export function drawSprite(products) {
  const symbols = products
    .map((product) => `<symbol id="picture-${product.id}" viewBox="0 0 320 320">${drawPicture(product.art)}</symbol>`)
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg">\n<defs>${gradients(symbols)}</defs>\n${symbols}\n</svg>\n`;
}
