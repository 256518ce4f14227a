/** Personal care and small electronics pictures. */
import {
  brass,
  circle,
  dark,
  darkSteel,
  darkWood,
  each,
  ellipse,
  faded,
  ground,
  group,
  line,
  paper,
  path,
  pick,
  rect,
  steel,
  toned,
  wood,
} from './pen.mjs';

const oliveSoap = (c) => [
  ground(96),
  each(5, (at) => rect(60 + at * 42, 226, 32, 22, 6, wood)),
  rect(54, 216, 212, 14, 7, toned(darkWood)),
  rect(78, 130, 164, 86, 20, toned(c.main)),
  rect(96, 148, 128, 50, 12, c.soft),
  path('M136 190 C140 166 160 158 184 156 C182 178 166 192 136 190 z', c.deep),
  line('M140 188 L176 162', c.soft, 3),
  circle(236, 112, 11, '#ffffff'),
  circle(256, 92, 7, '#ffffff'),
  circle(214, 100, 6, '#ffffff'),
];

const charcoalSoap = (c) => [
  ground(92),
  group(
    'rotate(-8 160 180)',
    rect(72, 136, 176, 104, 26, toned(c.deep)),
    rect(68, 126, 176, 100, 26, toned(c.main)),
    line('M110 156 v40 M128 148 v56 M146 160 v36 M164 148 v56 M182 156 v40 M200 164 v24', c.soft, 5),
  ),
  faded(
    0.85,
    circle(92, 118, 16, '#ffffff'),
    circle(116, 104, 11, '#ffffff'),
    circle(74, 102, 8, '#ffffff'),
    circle(232, 226, 15, '#ffffff'),
    circle(252, 210, 9, '#ffffff'),
  ),
];

const pumpTop = (x, y, colour) => [
  rect(x - 7, y - 26, 14, 30, 3, colour),
  path(`M${x - 14} ${y - 44} h48 q10 0 10 12 h-12 q0 -2 -6 -2 h-40 z`, colour),
  rect(x - 22, y, 44, 20, 5, colour),
];

const shampoo = (c) => [
  ground(62),
  pumpTop(160, 76, c.deep),
  path('M134 92 h52 q30 8 30 40 v106 a14 14 0 0 1-14 14 h-84 a14 14 0 0 1-14-14 V132 q0 -32 30 -40 z', toned(c.main)),
  rect(116, 140, 88, 84, 6, paper),
  path('M138 172 q10 -20 24 -8 q20 -10 22 8 q10 16 -10 18 q-14 12 -24 -2 q-18 2 -12 -16 z', c.main),
  rect(132, 204, 56, 5, 2.5, c.deep),
];

const bodyWash = (c) => [
  ground(66),
  rect(138, 60, 44, 36, 8, toned(c.deep)),
  path('M110 96 h100 q14 4 14 20 L216 240 a12 12 0 0 1-12 12 h-88 a12 12 0 0 1-12-12 L96 116 q0 -16 14 -20 z', toned(c.soft)),
  path('M98 146 h124 l-4 66 h-116 z', c.main),
  line('M160 206 V158', c.deep, 4),
  each(4, (at) => [
    path(`M160 ${200 - at * 13} q18 -2 20 -16 q-18 0 -20 16 z`, paper),
    path(`M160 ${200 - at * 13} q-18 -2 -20 -16 q18 0 20 16 z`, paper),
  ]),
];

const handWash = (c) => [
  ground(74),
  pumpTop(160, 116, dark),
  rect(94, 134, 132, 118, 30, toned('#a4602f')),
  rect(112, 162, 96, 62, 6, paper),
  circle(160, 193, 22, c.pop),
  circle(160, 193, 17, '#f9e3a8'),
  each(6, (at) => group(`rotate(${at * 60} 160 193)`, path('M160 190 l-5 -12 q5 -3 10 0 z', c.pop))),
];

const sonicBrush = (c) => [
  ground(44),
  rect(151, 72, 18, 62, 6, toned('#b9c9d1')),
  rect(143, 38, 34, 48, 12, toned('#b9c9d1')),
  each(4, (at) => rect(120, 43 + at * 10, 26, 8, 2, [c.main, c.deep, c.main, c.pop][at])),
  path('M142 128 h36 l10 110 a14 14 0 0 1-14 14 h-28 a14 14 0 0 1-14-14 z', toned(c.main)),
  circle(160, 164, 10, c.soft),
  each(3, (at) => circle(160, 194 + at * 14, 3, at === 0 ? c.pop : c.soft)),
];

const bambooBrushes = (c) =>
  each(4, (at) =>
    group(
      `rotate(${-18 + at * 12} 160 330)`,
      rect(152, 66, 16, 186, 8, toned(at % 2 ? wood : c.main)),
      rect(150, 54, 20, 44, 9, at % 2 ? wood : c.main),
      rect(138, 58, 14, 34, 3, [paper, '#a8c7b9', '#f4cbcb', '#c5e1ec'][at]),
      each(at + 1, (notch) => rect(152, 226 - notch * 8, 16, 3, 0, c.deep)),
    ),
  );

const dryer = (c) => [
  path('M150 168 h48 l-10 84 a12 12 0 0 1-12 10 h-14 a12 12 0 0 1-12-10 z', toned(c.deep)),
  path('M84 92 h110 a46 46 0 0 1 0 92 H84 z', toned(c.main)),
  path('M50 104 h38 v68 H50 q-8 -34 0 -68 z', c.deep),
  circle(196, 138, 28, c.soft),
  circle(196, 138, 17, c.main),
  rect(158, 200, 12, 26, 6, c.pop),
  line('M20 120 q10 -6 18 0 M14 138 h22 M20 156 q10 6 18 0', c.main, 5),
];

const creamJar = (c, labelled) => [
  ground(84),
  rect(74, 158, 172, 94, 18, toned(labelled ? c.main : c.soft)),
  rect(66, 104, 188, 58, 12, toned(labelled ? c.pop : c.main)),
  each(11, (at) => rect(82 + at * 15, 112, 3, 42, 1.5, labelled ? c.soft : c.deep)),
  rect(98, 182, 124, 48, 5, labelled ? c.soft : paper),
  rect(116, 196, 88, 6, 3, c.deep),
  rect(128, 210, 64, 5, 2.5, c.deep),
];

const comb = (c) =>
  group(
    'rotate(-18 160 160)',
    path('M48 126 q0 -34 34 -34 h156 q34 0 34 34 v10 H48 z', toned(c.main)),
    each(12, (at) => rect(50 + at * 19, 132, 10, 92 - Math.abs(5.5 - at) * 2, 5, c.main)),
    rect(48, 126, 224, 12, 0, c.main),
    circle(82, 114, 6, c.deep),
    line('M112 114 h120', c.deep, 3),
  );

const razor = (c) => [
  group(
    'rotate(32 160 160)',
    rect(150, 112, 20, 160, 10, toned(brass)),
    each(8, (at) => rect(150, 162 + at * 11, 20, 3, 0, '#b48d3d')),
    rect(152, 92, 16, 26, 3, '#b48d3d'),
    rect(98, 74, 124, 18, 8, toned(brass)),
    rect(104, 92, 112, 6, 2, darkSteel),
    rect(108, 60, 104, 16, 8, toned(brass)),
  ),
  rect(50, 214, 62, 40, 5, c.main),
  rect(58, 222, 46, 24, 3, paper),
  line('M66 234 h30', c.deep, 3),
];

const handCream = (c) => [
  ground(50),
  path('M108 62 h104 l-16 146 h-72 z', toned(c.main)),
  rect(104, 50, 112, 16, 3, c.deep),
  each(12, (at) => rect(108 + at * 9, 52, 2, 12, 0, c.main)),
  rect(126, 208, 68, 44, 8, toned(paper)),
  [
    [142, 128, -20],
    [172, 118, 24],
    [158, 152, 4],
  ].map(([x, y, turn]) =>
    group(
      `rotate(${turn} ${x} ${y})`,
      path(`M${x} ${y - 20} q16 18 0 36 q-16 -18 0 -36 z`, c.soft),
      line(`M${x} ${y - 10} v18`, c.deep, 2),
    ),
  ),
  rect(138, 182, 44, 5, 2.5, c.soft),
];

const sunscreen = (c) => [
  ground(60),
  rect(136, 52, 48, 38, 8, toned(c.pop)),
  path('M104 106 q0 -18 18 -18 h76 q18 0 18 18 v128 a18 18 0 0 1-18 18 h-76 a18 18 0 0 1-18-18 z', toned('#f2dcae')),
  path('M104 184 q28 -18 56 0 t56 0 v50 a18 18 0 0 1-18 18 h-76 a18 18 0 0 1-18-18 z', c.pop),
  circle(160, 144, 20, c.main),
  each(8, (at) => group(`rotate(${at * 45} 160 144)`, rect(157, 112, 6, 9, 3, c.main))),
];

const headphones = (c, open) => [
  line('M74 180 C66 40 254 40 246 180', c.deep, 16),
  line('M88 140 C96 64 224 64 232 140', c.soft, 7),
  rect(52, 158, 58, 94, 26, toned(c.main)),
  rect(210, 158, 58, 94, 26, toned(c.main)),
  rect(98, 166, 22, 78, 11, c.deep),
  rect(200, 166, 22, 78, 11, c.deep),
  open
    ? [
        each(4, (at) => line(`M64 ${186 + at * 12} h28`, c.soft, 4)),
        each(4, (at) => line(`M228 ${186 + at * 12} h28`, c.soft, 4)),
        line('M80 252 C84 286 150 262 164 292', dark, 5),
      ]
    : [circle(80, 204, 9, c.pop), rect(236, 190, 10, 30, 5, c.soft)],
];

const earbuds = (c) => {
  const bud = (x, y, turn) =>
    group(
      `rotate(${turn} ${x} ${y})`,
      rect(x - 7, y, 15, 58, 7.5, toned(c.main)),
      circle(x, y, 21, toned(c.main)),
      ellipse(x - 16, y, 9, 12, c.deep),
    );
  return [
    ground(92),
    bud(118, 82, -14),
    group('translate(320 0) scale(-1 1)', bud(118, 82, -14)),
    rect(72, 176, 176, 78, 34, toned(c.main)),
    rect(72, 206, 176, 4, 2, c.deep),
    circle(160, 230, 5, c.pop),
    rect(138, 176, 44, 8, 4, c.soft),
  ];
};

const dots = (x, y, columns, rows, gap, colour) =>
  each(rows, (row) => each(columns, (at) => circle(x + at * gap, y + row * gap, 2.4, colour)));

const speaker = (c) => [
  ground(100),
  line('M96 108 q64 -46 128 0', wood, 10),
  rect(56, 106, 208, 142, 40, toned(c.main)),
  dots(86, 134, 14, 8, 11.6, c.deep),
  rect(56, 104, 208, 16, 8, c.deep),
  rect(138, 206, 44, 20, 4, paper),
  rect(148, 214, 24, 4, 2, c.pop),
  rect(80, 246, 30, 8, 4, dark),
  rect(210, 246, 30, 8, 4, dark),
];

const showerSpeaker = (c) => [
  line('M160 96 C130 60 140 30 160 30 C180 30 190 60 160 96', c.deep, 9),
  circle(160, 174, 82, toned(c.main)),
  circle(160, 174, 64, c.deep),
  circle(160, 174, 56, c.soft),
  each(3, (ring) =>
    each(8 + ring * 6, (at) => {
      const angle = (at / (8 + ring * 6)) * Math.PI * 2;
      return circle(160 + Math.cos(angle) * (26 + ring * 10), 174 + Math.sin(angle) * (26 + ring * 10), 2.6, c.main);
    }),
  ),
  circle(160, 174, 15, c.pop),
  [
    [66, 96],
    [252, 84],
    [272, 140],
    [46, 158],
  ].map(([x, y]) => path(`M${x} ${y - 14} q12 16 0 24 q-12 -8 0 -24 z`, c.main)),
];

const charger = (c) => [
  ground(72),
  rect(96, 90, 128, 160, 26, toned(c.main)),
  rect(120, 56, 12, 40, 3, steel),
  rect(188, 56, 12, 40, 3, steel),
  rect(112, 86, 96, 10, 5, c.deep),
  rect(132, 146, 56, 14, 7, c.deep),
  rect(132, 174, 56, 14, 7, c.deep),
  rect(136, 204, 48, 20, 3, c.deep),
  rect(140, 208, 40, 7, 1, c.pop),
  circle(160, 124, 5, c.pop),
];

const cable = (c) => [
  line('M96 96 C30 220 130 290 176 222 C222 154 130 116 112 178 C96 236 210 262 232 150', c.deep, 11),
  line('M96 96 C30 220 130 290 176 222 C222 154 130 116 112 178 C96 236 210 262 232 150', c.main, 7),
  group('rotate(26 100 84)', rect(84, 52, 32, 50, 8, toned(c.deep)), rect(91, 32, 18, 22, 5, steel)),
  group('rotate(14 236 130)', rect(220, 104, 32, 50, 8, toned(c.deep)), rect(227, 84, 18, 22, 5, steel)),
  rect(128, 206, 44, 16, 5, c.pop),
];

const powerBank = (c) => [
  ground(58),
  rect(104, 60, 112, 192, 22, toned(c.main)),
  rect(120, 82, 80, 46, 8, dark),
  each(2, (at) => rect(138 + at * 24, 92, 17, 26, 3, at ? c.pop : c.soft)),
  line('M124 220 h72', c.soft, 4),
  line('M124 208 h72', c.soft, 4),
  rect(140, 54, 40, 10, 5, c.deep),
];

const blades = (cx, cy, radius, colour) =>
  each(4, (at) =>
    group(
      `rotate(${at * 90 + 20} ${cx} ${cy})`,
      path(
        `M${cx} ${cy} C${cx - radius * 0.5} ${cy - radius * 0.4} ${cx - radius * 0.3} ${cy - radius} ${cx + radius * 0.2} ${cy - radius} C${cx + radius * 0.5} ${cy - radius * 0.7} ${cx + radius * 0.3} ${cy - radius * 0.2} ${cx} ${cy} z`,
        colour,
      ),
    ),
  );
const grille = (cx, cy, radius, colour) =>
  [0.96, 0.7, 0.44].map((share) => `<circle cx="${cx}" cy="${cy}" r="${radius * share}" fill="none" stroke="${colour}" stroke-width="3"/>`);

const deskFan = (c) => [
  ground(66),
  rect(150, 196, 20, 50, 4, c.deep),
  rect(104, 236, 112, 16, 8, toned(c.deep)),
  circle(160, 128, 86, c.soft),
  blades(160, 128, 70, c.main),
  grille(160, 128, 86, c.deep),
  circle(160, 128, 15, c.pop),
];

const clipFan = (c) => [
  line('M160 176 C120 200 108 236 84 262 M160 176 C160 214 168 240 158 272 M160 176 C204 200 210 232 240 258', dark, 13),
  circle(160, 116, 70, c.soft),
  blades(160, 116, 56, c.main),
  grille(160, 116, 70, c.main),
  circle(160, 116, 13, c.pop),
  rect(140, 178, 40, 20, 10, c.deep),
];

const humidifier = (c) => [
  ground(60),
  faded(0.8, circle(150, 66, 22, '#ffffff'), circle(180, 50, 17, '#ffffff'), circle(166, 82, 14, '#ffffff')),
  path('M112 112 q0 -18 18 -18 h60 q18 0 18 18 l8 126 a14 14 0 0 1-14 14 h-84 a14 14 0 0 1-14-14 z', toned(c.main)),
  path('M106 196 h108 l2 42 a14 14 0 0 1-14 14 h-84 a14 14 0 0 1-14-14 z', c.pop),
  rect(148, 86, 24, 12, 4, c.deep),
  circle(160, 224, 9, paper),
  rect(150, 122, 20, 54, 10, '#cfe3ea'),
  rect(150, 148, 20, 28, 10, c.pop),
];

const keyboard = (c) =>
  group(
    'rotate(-8 160 170)',
    rect(28, 106, 264, 126, 16, toned(c.deep)),
    each(4, (row) =>
      each(row === 3 ? 3 : 9, (at) => {
        const y = 118 + row * 27;
        if (row === 3) return rect(42 + [0, 52, 184][at], y, [46, 126, 54][at], 22, 5, [c.soft, paper, c.pop][at]);
        return rect(42 + at * 26.6, y, 22, 22, 5, row === 0 && at === 0 ? c.pop : at === 8 ? c.soft : paper);
      }),
    ),
  );

const mouse = (c) => [
  ellipse(162, 262, 70, 8, c.soft),
  path('M160 52 C226 52 232 110 232 162 C232 226 204 262 160 262 C116 262 88 226 88 162 C88 110 94 52 160 52 z', toned(c.main)),
  line('M160 54 V140 M92 142 Q160 164 228 142', c.deep, 4),
  rect(149, 82, 22, 46, 11, c.deep),
  rect(154, 88, 12, 22, 6, c.pop),
];

const nightLight = (c) => [
  faded(0.5, circle(160, 160, 118, '#fff3c9')),
  circle(160, 160, 84, toned(c.main)),
  circle(160, 160, 68, '#fff0bd'),
  path('M178 112 a52 52 0 1 0 20 88 a44 44 0 1 1 -20 -88 z', c.main),
  circle(198, 140, 5, c.main),
  circle(214, 164, 3.5, c.main),
  rect(140, 240, 40, 12, 6, c.deep),
];

const deskLamp = (c) => [
  ground(78),
  faded(0.35, path('M172 96 L120 250 H292 L262 100 z', '#ffe9a8')),
  rect(60, 238, 100, 14, 7, toned(c.deep)),
  line('M108 238 L84 136 L166 64', c.deep, 9),
  circle(84, 136, 10, c.pop),
  group('rotate(22 214 86)', path('M156 92 a60 46 0 0 1 120 0 z', toned(c.main)), rect(152, 90, 128, 9, 4.5, '#ffe9a8')),
  path('M186 236 h84 v10 h-84 z', c.soft),
  path('M190 226 h78 v10 h-78 z', c.pop),
];

export const care = {
  soap: pick(oliveSoap, charcoalSoap),
  pump: pick(shampoo, bodyWash, handWash),
  toothbrush: pick(sonicBrush, bambooBrushes),
  dryer,
  creamjar: (c, v) => creamJar(c, v === 0),
  comb,
  razor,
  tube: pick(handCream, sunscreen),
  headphones: (c, v) => headphones(c, v === 1),
  earbuds,
  speaker: pick(speaker, showerSpeaker),
  charger,
  cable,
  powerbank: powerBank,
  fan: pick(deskFan, clipFan),
  humidifier,
  keyboard,
  mouse,
  nightlight: nightLight,
  desklamp: deskLamp,
};
