/** Baby and outdoor pictures. */
import {
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
  pick,
  rect,
  steel,
  toned,
  wood,
} from './pen.mjs';

const bottleMarks = (colour) => each(4, (at) => line(`M118 ${156 + at * 22} h${at % 2 ? 14 : 22}`, colour, 4));

const glassBottle = (c) => [
  ground(56),
  path('M142 78 q0 -36 18 -36 q18 0 18 36 z', '#f2d9b5'),
  rect(116, 74, 88, 34, 10, toned(c.main)),
  path('M112 110 h96 q10 8 10 22 v106 a14 14 0 0 1-14 14 h-88 a14 14 0 0 1-14-14 V132 q0 -14 10 -22 z', glass),
  path('M102 160 h116 v78 a14 14 0 0 1-14 14 h-88 a14 14 0 0 1-14-14 z', paper),
  rect(98, 206, 124, 46, 18, toned(c.main)),
  bottleMarks(c.deep),
];

const handleBottle = (c) => [
  ground(58),
  path('M142 76 q0 -36 18 -36 q18 0 18 36 z', '#f2d9b5'),
  line('M110 136 C54 120 54 216 112 204 M210 136 C266 120 266 216 208 204', c.deep, 14),
  rect(114, 72, 92, 32, 10, toned(c.deep)),
  path('M110 106 h100 v132 a14 14 0 0 1-14 14 h-72 a14 14 0 0 1-14-14 z', toned(c.soft)),
  path('M110 176 h100 v62 a14 14 0 0 1-14 14 h-72 a14 14 0 0 1-14-14 z', paper),
  bottleMarks(c.main),
];

const blocks = (c) => [
  ground(104),
  rect(60, 188, 64, 64, 8, toned(c.main)),
  rect(196, 188, 64, 64, 8, toned(c.pop)),
  path('M128 252 v-64 h64 v64 h-16 a16 22 0 0 0-32 0 z', toned('#d9795a')),
  rect(92, 122, 64, 62, 8, toned('#8aa682')),
  rect(164, 122, 64, 62, 31, toned('#de9195')),
  path('M160 52 L212 118 H108 z', toned(c.main)),
  circle(92, 220, 15, paper),
  path('M228 204 l6 11 13 2 -9 9 2 13 -12 -6 -12 6 2 -13 -9 -9 13 -2 z', paper),
  rect(110, 140, 28, 28, 4, paper),
];

const face = (y, colour) => [
  circle(140, y, 5.5, dark),
  circle(180, y, 5.5, dark),
  ellipse(160, y + 18, 20, 15, paper),
  ellipse(160, y + 12, 8, 6, colour),
  line(`M160 ${y + 16} v6 q-7 6 -10 1 M160 ${y + 22} q7 6 10 1`, colour, 3),
];

const bear = (c) => [
  ground(78),
  ellipse(98, 244, 28, 20, toned(c.deep)),
  ellipse(222, 244, 28, 20, toned(c.deep)),
  circle(108, 72, 25, toned(c.main)),
  circle(212, 72, 25, toned(c.main)),
  circle(108, 72, 13, c.soft),
  circle(212, 72, 13, c.soft),
  ellipse(160, 206, 62, 50, toned(c.main)),
  ellipse(160, 212, 38, 34, c.soft),
  group('rotate(24 96 190)', ellipse(96, 190, 18, 36, toned(c.main))),
  group('rotate(-24 224 190)', ellipse(224, 190, 18, 36, toned(c.main))),
  ellipse(160, 112, 72, 62, toned(c.main)),
  face(106, c.deep),
  path('M132 166 l28 10 28 -10 v26 l-28 -10 -28 10 z', c.pop),
];

const rabbit = (c) => [
  ground(72),
  group('rotate(-10 130 70)', ellipse(130, 62, 20, 54, toned(c.main)), ellipse(130, 66, 10, 40, c.soft)),
  group('rotate(26 192 70)', ellipse(192, 66, 20, 54, toned(c.main)), ellipse(192, 70, 10, 40, c.soft)),
  ellipse(112, 246, 28, 17, toned(c.main)),
  ellipse(208, 246, 28, 17, toned(c.main)),
  ellipse(160, 210, 54, 44, toned(c.main)),
  ellipse(160, 146, 60, 50, toned(c.main)),
  face(140, c.deep),
  circle(122, 158, 8, c.soft),
  circle(198, 158, 8, c.soft),
  path('M120 196 h80 l10 40 q-50 20 -100 0 z', c.pop),
];

const bib = (c) => [
  line('M112 104 C104 40 216 40 208 104', c.deep, 15),
  path('M96 92 q64 70 128 0 q26 12 22 60 l-8 44 H82 l-8 -44 q-4 -48 22 -60 z', toned(c.main)),
  path('M66 196 h188 q8 0 6 14 q-12 48 -56 48 h-88 q-44 0 -56 -48 q-2 -14 6 -14 z', toned(c.deep)),
  path('M160 184 q-24 -16 -14 -32 q10 -8 14 6 q4 -14 14 -6 q10 16 -14 32 z', c.soft),
];

const duck = (c) => [
  faded(0.7, path('M24 222 q24 -16 46 0 t46 0 t46 0 t46 0 t46 0 t42 0 v40 q-136 28 -272 0 z', '#a9d3e2')),
  path('M66 152 C82 196 118 158 160 160 C214 160 262 148 268 136 C286 214 248 250 172 250 C96 250 56 218 66 152 z', toned(c.main)),
  circle(120, 112, 54, toned(c.main)),
  path('M52 118 q26 -14 44 0 q-18 20 -44 0 z', '#e0703f'),
  circle(108, 98, 7, dark),
  path('M152 190 q44 -22 78 6 q-38 34 -78 -6 z', c.deep),
  rect(166, 220, 58, 22, 11, paper),
  circle(180, 231, 5, c.pop),
  rect(190, 228, 26, 6, 3, c.pop),
  path('M20 238 q24 -12 46 0 t46 0 t46 0 t46 0 t46 0 t50 0 v24 q-140 24 -280 0 z', '#c5e1ec'),
];

const strawCup = (c) => [
  ground(60),
  line('M172 84 q2 -34 32 -40', c.pop, 12),
  line('M106 138 C52 130 54 214 112 208 M214 138 C268 130 266 214 208 208', c.deep, 14),
  path('M108 116 h104 l-8 122 a16 16 0 0 1-16 14 h-56 a16 16 0 0 1-16-14 z', toned(c.soft)),
  path('M111 168 h98 l-5 70 a16 16 0 0 1-16 14 h-56 a16 16 0 0 1-16-14 z', c.pop),
  path('M102 118 q0 -38 58 -38 q58 0 58 38 z', toned(c.main)),
  line('M160 120 V220', paper, 5),
  circle(160, 226, 9, dark),
];

const clothBook = (c) => [
  ground(100),
  path('M56 100 Q110 84 160 104 V244 Q110 226 56 240 z', toned(c.main)),
  path('M264 100 Q210 84 160 104 V244 Q210 226 264 240 z', toned(c.soft)),
  ellipse(212, 196, 40, 22, '#7db1c9'),
  ellipse(212, 180, 22, 17, '#7d9f6b'),
  circle(201, 165, 7, '#7d9f6b'),
  circle(223, 165, 7, '#7d9f6b'),
  circle(201, 164, 3, dark),
  circle(223, 164, 3, dark),
  circle(108, 160, 22, c.pop),
  each(6, (at) => group(`rotate(${at * 60} 108 160)`, circle(108, 134, 9, paper))),
  line('M76 218 q32 -10 64 4', c.deep, 4),
];

const boardBook = (c) => [
  ground(92),
  rect(80, 66, 172, 188, 16, c.deep),
  rect(74, 60, 172, 188, 16, toned(c.main)),
  rect(74, 60, 20, 188, 8, c.deep),
  path('M192 96 a42 42 0 1 0 22 66 a34 34 0 1 1 -22 -66 z', c.pop),
  [
    [126, 104],
    [214, 108],
    [122, 168],
    [226, 184],
  ].map(([x, y]) => circle(x, y, 4, paper)),
  path('M94 218 q34 -38 76 -14 q38 -24 76 4 v24 a16 16 0 0 1-16 16 H94 z', c.soft),
];

const mobile = (c) => [
  line('M160 28 V74', darkWood, 4),
  line('M64 84 Q160 62 256 84', darkWood, 8),
  line('M72 84 V132 M128 76 V176 M192 76 V142 M248 84 V190', c.deep, 2.5),
  [
    [72, 148, c.main],
    [192, 158, c.soft],
    [128, 196, c.pop],
  ].map(([x, y, colour]) => [
    circle(x - 18, y + 6, 16, colour),
    circle(x + 18, y + 6, 16, colour),
    circle(x, y - 4, 22, colour),
    rect(x - 32, y + 6, 64, 17, 8.5, colour),
  ]),
  path('M248 188 l8 16 18 3 -13 13 3 18 -16 -9 -16 9 3 -18 -13 -13 18 -3 z', '#eeb25c'),
];

const bodysuit = (c) => [
  path('M112 68 q48 30 96 0 l56 38 -24 50 -24 -14 v70 q0 14 -34 30 v14 h-44 v-14 q-34 -16 -34 -30 v-70 l-24 14 -24 -50 z', toned(c.main)),
  path('M112 68 q48 30 96 0 l8 6 q-56 38 -112 0 z', c.deep),
  each(7, (at) => line(`M${118 + at * 14} 112 V${222 - Math.abs(3 - at) * 4}`, c.soft, 2)),
  each(3, (at) => circle(146 + at * 14, 246, 4, c.pop)),
];

const rings = (c) => [
  ground(82),
  rect(153, 52, 14, 190, 7, wood),
  [
    [236, 90, '#8f5c7a'],
    [206, 78, '#7db1c9'],
    [176, 67, '#8aa682'],
    [146, 56, '#dea73f'],
    [116, 46, '#e08a56'],
    [88, 36, c.main],
  ].map(([y, half, colour]) => rect(160 - half, y - 14, half * 2, 29, 14.5, toned(colour))),
  circle(160, 56, 14, c.deep),
];

const tent = (c) => [
  ground(120),
  path('M34 250 L150 74 Q160 62 170 74 L286 250 z', toned(c.main)),
  path('M160 78 L106 250 H214 z', c.deep),
  path('M160 78 L106 250 L134 250 Q158 180 160 78 z', c.soft),
  line('M150 74 L110 44 M170 74 L212 44 M34 250 l-20 6 M286 250 l20 6', darkWood, 5),
  path('M212 44 l26 8 -24 12 z', c.pop),
  circle(172, 214, 7, c.pop),
];

const beachTent = (c) => [
  path('M20 244 Q160 224 300 244 V262 Q160 278 20 262 z', '#eed9a9'),
  path('M44 244 C50 120 130 84 178 84 C244 88 276 160 280 244 z', toned(c.main)),
  path('M96 244 C100 170 140 130 180 128 C226 132 244 190 246 244 z', c.deep),
  path('M178 84 C150 130 120 150 96 244 H44 C50 120 130 84 178 84 z', c.soft),
  circle(258, 66, 24, '#f2c14e'),
  circle(196, 222, 21, c.pop),
  line('M178 214 q18 8 37 0', paper, 3),
];

const dayPack = (c) => [
  ground(78),
  line('M130 78 q0 -36 30 -36 q30 0 30 36', c.deep, 9),
  path('M92 130 q0 -64 68 -64 q68 0 68 64 v108 a14 14 0 0 1-14 14 H106 a14 14 0 0 1-14-14 z', toned(c.main)),
  rect(76, 160, 22, 74, 10, c.deep),
  rect(222, 160, 22, 74, 10, c.deep),
  path('M92 126 q0 -60 68 -60 q68 0 68 60 q-68 26 -136 0 z', c.deep),
  rect(112, 170, 96, 66, 12, c.soft),
  rect(112, 186, 96, 5, 2, c.deep),
  rect(154, 126, 12, 46, 3, c.pop),
  rect(149, 152, 22, 13, 4, paper),
];

const commuter = (c) => [
  ground(80),
  line('M134 62 q0 -24 26 -24 q26 0 26 24', darkWood, 10),
  rect(90, 58, 140, 194, 22, toned(c.main)),
  path('M90 112 V80 a22 22 0 0 1 22-22 h96 a22 22 0 0 1 22 22 v32 z', c.deep),
  rect(120, 94, 14, 58, 4, darkWood),
  rect(186, 94, 14, 58, 4, darkWood),
  rect(118, 136, 18, 14, 3, '#d9b25f'),
  rect(184, 136, 18, 14, 3, '#d9b25f'),
  rect(106, 176, 108, 60, 10, c.deep),
  line('M118 192 h84', c.soft, 3),
];

const flask = (c) => [
  ground(46),
  rect(126, 46, 68, 52, 12, toned(c.deep)),
  line('M134 60 q26 -34 52 0', darkWood, 6),
  path('M116 104 q0 -8 8 -8 h72 q8 0 8 8 v134 a14 14 0 0 1-14 14 h-60 a14 14 0 0 1-14-14 z', toned(c.main)),
  rect(116, 112, 88, 8, 0, steel),
  rect(116, 226, 88, 6, 0, c.soft),
  path('M160 150 q22 26 0 46 q-22 -20 0 -46 z', c.soft),
];

const trailBottle = (c) => [
  ground(48),
  line('M178 66 C236 40 240 120 206 116', c.deep, 9),
  rect(134, 50, 52, 44, 10, toned(c.deep)),
  path(
    'M112 116 q0 -24 26 -24 h44 q26 0 26 24 v40 q-10 10 0 24 v58 a14 14 0 0 1-14 14 h-68 a14 14 0 0 1-14-14 v-58 q10 -14 0 -24 z',
    toned(glass),
  ),
  path('M114 190 h92 v48 a12 12 0 0 1-12 12 h-68 a12 12 0 0 1-12-12 z', '#9fcbdc'),
  rect(144, 96, 32, 90, 8, c.main),
  each(5, (at) => line(`M148 ${110 + at * 15} h24`, c.soft, 3)),
];

const lantern = (c) => [
  ground(60),
  faded(0.45, circle(160, 158, 96, '#ffe9a8')),
  line('M112 104 C112 30 208 30 208 104', dark, 7),
  path('M120 104 h80 l-12 -26 h-56 z', toned(c.deep)),
  rect(116, 104, 88, 100, 12, '#fff3cf'),
  rect(146, 126, 28, 60, 14, '#f7c75c'),
  line('M116 130 h88 M116 178 h88', c.deep, 4),
  path('M106 204 h108 l8 36 a10 10 0 0 1-10 12 H108 a10 10 0 0 1-10-12 z', toned(c.main)),
  circle(160, 228, 9, paper),
];

const campChair = (c) => [
  ground(96),
  line('M92 92 L210 250 M228 92 L110 250 M86 250 L128 180 M234 250 L192 180', darkSteel, 9),
  path('M84 62 h152 l-8 96 H92 z', toned(c.main)),
  path('M86 150 h148 q10 36 -14 46 H100 q-24 -10 -14 -46 z', toned(c.deep)),
  rect(66, 128, 34, 12, 6, wood),
  rect(220, 128, 34, 12, 6, wood),
  rect(212, 160, 32, 40, 5, c.pop),
  line('M104 78 h112', c.soft, 4),
];

const rolled = (c, strapped) => [
  ground(108),
  path('M82 150 h150 a50 50 0 0 1 0 100 H82 z', toned(c.main)),
  circle(84, 200, 50, c.soft),
  line('M84 200 m-34 0 a34 34 0 1 1 34 34 a26 26 0 1 1 0 -52 a17 17 0 1 1 -2 34 a9 9 0 0 1 0 -16', c.deep, 5),
  strapped
    ? [rect(146, 148, 14, 104, 4, c.pop), rect(206, 148, 14, 104, 4, c.pop), rect(236, 176, 52, 46, 12, c.deep)]
    : [path('M84 250 h196 l18 8 H96 z', c.deep), each(4, (at) => line(`M${150 + at * 26} 168 v64`, c.soft, 3))],
];

const canopy = (c, open) => [
  line('M160 66 V236 q0 22 -20 22 q-18 0 -18 -18', open ? darkWood : darkSteel, 9),
  path(
    'M40 168 C48 88 104 58 160 58 C216 58 272 88 280 168 q-20 -18 -40 0 q-20 -18 -40 0 q-20 -18 -40 0 q-20 -18 -40 0 q-20 -18 -40 0 q-20 -18 -40 0 z',
    toned(c.main),
  ),
  path('M160 58 C132 84 120 120 120 168 q20 -18 40 0 q20 -18 40 0 C200 120 188 84 160 58 z', c.soft),
  rect(156, 40, 8, 22, 4, c.deep),
  open ? '' : [circle(262, 60, 20, '#f2c14e'), each(8, (at) => group(`rotate(${at * 45} 262 60)`, rect(260, 28, 4, 8, 2, '#f2c14e')))],
];

const poles = (c) =>
  [
    [128, -9],
    [192, 9],
  ].map(([x, turn]) =>
    group(
      `rotate(${turn} ${x} 160)`,
      rect(x - 4, 96, 8, 168, 3, toned(c.main)),
      rect(x - 5, 150, 10, 14, 3, dark),
      rect(x - 5, 206, 10, 12, 3, dark),
      rect(x - 10, 46, 20, 58, 10, toned(wood)),
      line(`M${x} 56 q24 20 6 48`, c.deep, 4),
      ellipse(x, 252, 19, 6, dark),
      path(`M${x - 3} 262 h6 l-3 14 z`, darkSteel),
    ),
  );

const jacket = (c) => [
  path('M122 66 q38 -36 76 0 l58 32 26 130 -40 10 -16 -72 v86 H94 v-86 l-16 72 -40 -10 26 -130 z', toned(c.main)),
  path('M122 66 q38 -36 76 0 q-6 44 -38 50 q-32 -6 -38 -50 z', c.deep),
  line('M160 116 V250', c.soft, 5),
  line('M112 198 l26 20 M208 198 l-26 20', c.deep, 5),
  rect(156, 130, 8, 18, 3, c.pop),
  rect(186, 130, 26, 16, 4, c.soft),
];

const hat = (c) => [
  ellipse(160, 214, 128, 34, toned(c.main)),
  ellipse(160, 206, 88, 20, c.deep),
  path('M78 206 C80 118 110 94 160 94 C210 94 240 118 242 206 q-82 28 -164 0 z', toned(c.main)),
  path('M79 184 q81 28 162 0 l1 22 q-82 28 -164 0 z', c.pop),
  line('M106 226 C100 290 170 296 176 234', c.deep, 4),
  circle(120, 140, 4, c.deep),
  circle(200, 140, 4, c.deep),
];

export const outdoor = {
  babybottle: pick(glassBottle, handleBottle),
  blocks,
  bear: pick(bear, rabbit),
  bib,
  duck,
  sippy: strawCup,
  books: pick(clothBook, boardBook),
  mobile,
  onesie: bodysuit,
  rings,
  tent: pick(tent, beachTent),
  backpack: pick(dayPack, commuter),
  flask: pick(flask, trailBottle),
  lantern,
  chair: campChair,
  mat: (c, v) => rolled(c, v === 0),
  umbrella: (c, v) => canopy(c, v === 0),
  poles,
  jacket,
  hat,
};
