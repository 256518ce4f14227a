/** Spare parts and what is used up. */
import {
  brass,
  circle,
  dark,
  darkSteel,
  darkWood,
  each,
  ellipse,
  faded,
  glass,
  ground,
  group,
  line,
  paper,
  path,
  rect,
  steel,
  toned,
  wood,
} from './pen.mjs';

const kettleLid = (c) => [
  ground(96, 232),
  ellipse(160, 214, 108, 26, c.deep),
  path('M52 208 C60 140 260 140 268 208 a108 24 0 0 1 -216 0 z', toned(c.main)),
  rect(150, 126, 20, 34, 8, c.deep),
  circle(160, 116, 22, toned(wood)),
  ellipse(154, 108, 7, 5, '#e3bf92'),
];

const filterCones = (c) => [
  ground(92),
  each(3, (at) => {
    const x = 96 + at * 30;
    const y = 96 + at * 16;
    return [
      path(`M${x} ${y} h110 l-44 122 q-11 12 -22 0 z`, toned([c.soft, c.main, paper][at])),
      line(`M${x + 14} ${y + 8} l38 104 M${x + 96} ${y + 8} l-38 104`, at === 2 ? c.soft : c.deep, 2),
    ];
  }),
  rect(150, 122, 122, 10, 5, c.deep),
];

const burrs = (c) => [
  ground(100),
  ellipse(112, 188, 66, 60, toned(steel)),
  each(12, (at) => group(`rotate(${at * 30} 112 188)`, rect(108, 132, 8, 26, 3, darkSteel))),
  circle(112, 188, 27, c.ground),
  path('M206 106 l44 22 v84 l-44 22 -44 -22 v-84 z', toned(c.main)),
  each(4, (at) => line(`M168 ${140 + at * 22} l38 20 38 -20`, c.deep, 5)),
  ellipse(206, 122, 20, 9, c.soft),
];

const brushHeads = (c) => [
  ground(92),
  each(3, (at) => {
    const x = 84 + at * 62;
    return [
      rect(x, 128, 20, 122, 8, toned('#dfe6ea')),
      rect(x - 6, 70, 32, 64, 15, toned('#dfe6ea')),
      each(4, (row) => rect(x - 26, 76 + row * 13, 24, 10, 3, [c.main, c.deep, c.main, c.pop][row])),
      rect(x, 226, 20, 10, 0, [c.pop, c.main, c.deep][at]),
    ];
  }),
];

const blades = (c) => [
  ground(88),
  rect(78, 132, 164, 116, 12, toned(c.main)),
  rect(96, 150, 128, 48, 5, paper),
  path('M112 174 h96 M112 174 q16 -14 32 0 q16 14 32 0 q16 -14 32 0', c.deep),
  rect(118, 171, 84, 6, 3, c.deep),
  group(
    'rotate(-8 160 100)',
    path('M92 88 h136 l-8 12 8 12 H92 l8 -12 z', toned(steel)),
    rect(128, 95, 64, 10, 5, c.ground),
    circle(114, 100, 4, darkSteel),
    circle(206, 100, 4, darkSteel),
  ),
  rect(110, 212, 100, 6, 3, c.soft),
];

const cartridges = (c) => [
  ground(84),
  each(2, (at) => {
    const x = 84 + at * 84;
    return [
      rect(x, 112, 68, 140, 14, toned(at === 0 ? c.main : c.soft)),
      rect(x + 10, 88, 48, 30, 8, toned(c.deep)),
      each(3, (row) => rect(x + 12, 132 + row * 18, 44, 8, 4, at === 0 ? c.soft : c.main)),
      path(`M${x + 34} 196 q22 30 0 46 q-22 -16 0 -46 z`, paper),
    ];
  }),
];

const earCushions = (c) => [
  ground(104),
  ellipse(112, 178, 68, 74, toned(c.main)),
  ellipse(112, 178, 34, 42, c.deep),
  ellipse(214, 170, 66, 72, toned(c.main)),
  ellipse(214, 170, 32, 40, c.deep),
  line('M66 142 q14 -22 34 -26 M170 132 q14 -20 34 -24', c.soft, 6),
  each(5, (at) => circle(96 + at * 8, 168 + (at % 2) * 14, 2.5, c.soft)),
  each(5, (at) => circle(198 + at * 8, 160 + (at % 2) * 14, 2.5, c.soft)),
];

const sealRings = (c) => [
  ground(96),
  ...[
    [118, 150, 62, c.main],
    [206, 176, 54, c.pop],
    [146, 214, 38, c.deep],
  ].map(([x, y, r, colour]) => [circle(x, y, r, colour), circle(x, y, r - 14, c.ground), faded(0.5, circle(x, y, r - 14, '#ffffff'))]),
];

const pegs = (c) => [
  ground(104),
  each(4, (at) =>
    group(
      `rotate(${-24 + at * 14} 160 300)`,
      path('M153 92 h14 v136 l-7 26 -7 -26 z', toned(at % 2 ? darkSteel : steel)),
      line('M160 96 q0 -28 22 -24', at % 2 ? c.deep : c.pop, 8),
    ),
  ),
  rect(66, 214, 76, 42, 6, toned(c.main)),
  rect(76, 224, 56, 22, 3, c.soft),
  line('M80 235 h48', c.deep, 3),
];

const teats = (c) => [
  ground(104),
  each(2, (at) => {
    const x = 104 + at * 112;
    const silicone = at === 0 ? '#f2d9b5' : c.soft;
    return [
      path(`M${x - 22} 128 q2 -50 22 -52 q20 2 22 52 q24 34 34 62 h-112 q10 -28 34 -62 z`, toned(at === 0 ? '#f2d9b5' : '#efe6d8')),
      ellipse(x, 196, 64, 20, silicone),
      path(`M${x - 58} 198 h116 v28 a12 12 0 0 1 -12 12 h-92 a12 12 0 0 1 -12 -12 z`, toned(c.main)),
      each(7, (rib) => rect(x - 46 + rib * 14, 206, 4, 24, 2, c.deep)),
    ];
  }),
];

const inkBottle = (c) => [
  ground(84),
  rect(122, 84, 76, 44, 8, toned(dark)),
  each(6, (at) => rect(130 + at * 11, 90, 3, 32, 1.5, '#4a4f57')),
  path('M96 128 h128 l20 40 v70 a14 14 0 0 1-14 14 H90 a14 14 0 0 1-14-14 v-70 z', glass),
  path('M84 178 h152 v58 a10 10 0 0 1-10 10 H94 a10 10 0 0 1-10-10 z', toned(c.main)),
  rect(112, 186, 96, 46, 4, paper),
  path('M160 192 q18 22 0 34 q-18 -12 0 -34 z', c.deep),
];

const whetstone = (c) => [
  ground(116, 244),
  path('M44 196 h200 l32 -34 H84 z', toned(c.soft)),
  path('M44 196 h200 v42 H44 z', toned(c.main)),
  path('M244 196 l32 -34 v40 l-32 36 z', c.deep),
  rect(44, 222, 200, 16, 0, c.pop),
  group('rotate(-16 170 128)', path('M70 122 h134 q18 0 20 14 H92 q-22 0 -22 -14 z', steel), rect(222, 118, 70, 20, 9, toned(darkWood))),
];

const oilBottle = (c) => [
  ground(54),
  rect(142, 56, 36, 26, 5, toned(dark)),
  path('M144 82 h32 v26 q36 10 36 48 v84 a12 12 0 0 1-12 12 h-80 a12 12 0 0 1-12-12 v-84 q0 -38 36 -48 z', toned('#b8742f')),
  rect(108, 158, 104, 64, 0, paper),
  path('M160 172 q22 16 0 38 q-22 -22 0 -38 z', c.main),
  line('M160 208 v-24', c.deep, 3),
  faded(0.35, rect(118, 132, 10, 20, 5, '#ffffff')),
];

const strawSet = (c) => [
  ground(80),
  each(3, (at) =>
    group(
      `rotate(${16 - at * 16} 160 40)`,
      line('M160 240 V104 l22 -34', [c.main, c.deep, c.pop][at], 14),
      circle(160, 240, 17, toned(steel)),
      circle(160, 240, 6, darkSteel),
    ),
  ),
  group(
    'rotate(30 250 190)',
    line('M250 130 v74', darkSteel, 4),
    rect(240, 200, 20, 52, 10, c.soft),
    each(5, (at) => rect(240, 206 + at * 9, 20, 3, 0, c.deep)),
  ),
];

const descaler = (c) => [
  ground(96),
  each(3, (at) => {
    const x = 62 + at * 44;
    const y = 92 + at * 18;
    return [
      rect(x, y, 108, 134, 6, toned([c.soft, c.main, paper][at])),
      each(9, (notch) => path(`M${x + notch * 12} ${y} l6 -8 6 8 z`, [c.soft, c.main, paper][at])),
    ];
  }),
  path('M204 164 q26 34 0 56 q-26 -22 0 -56 z', c.main),
  rect(176, 232, 56, 6, 3, c.deep),
  circle(204, 150, 3, brass),
];

export const parts = {
  kettlelid: kettleLid,
  filters: filterCones,
  burrs,
  brushheads: brushHeads,
  blades,
  cartridges,
  earcushions: earCushions,
  seals: sealRings,
  pegs,
  teats,
  ink: inkBottle,
  whetstone,
  oil: oilBottle,
  straws: strawSet,
  descaler,
};
