/** Home, bedding and bath pictures. */
import {
  brass,
  circle,
  dark,
  darkWood,
  each,
  ellipse,
  faded,
  ground,
  group,
  leaf,
  line,
  paper,
  path,
  pick,
  rect,
  toned,
  wood,
} from './pen.mjs';

const paperLamp = (c) => [
  ground(46),
  line('M160 196 V248', darkWood, 7),
  line('M126 252 L160 220 L194 252', darkWood, 7),
  path('M118 52 h84 q34 74 0 148 h-84 q-34 -74 0 -148 z', toned('#fdf3da')),
  each(6, (at) => line(`M${112 - Math.sin((at + 1) * 0.45) * 12} ${74 + at * 21} H${208 + Math.sin((at + 1) * 0.45) * 12}`, '#e6cf9c', 3)),
  rect(114, 46, 92, 9, 4, c.deep),
  rect(114, 197, 92, 9, 4, c.deep),
];

const mushroomLamp = (c) => [
  ground(60),
  faded(0.35, path('M66 146 L30 250 H290 L254 146 z', '#ffe9b0')),
  path('M140 146 h40 l16 92 a14 14 0 0 1-14 14 h-44 a14 14 0 0 1-14-14 z', toned(c.soft)),
  path('M58 150 C58 60 262 60 262 150 z', toned(c.main)),
  rect(58, 146, 204, 9, 4.5, '#ffe9b0'),
];

const moonVase = (c) => [
  ground(70),
  line('M166 96 C176 70 200 58 214 28', darkWood, 5),
  [
    [186, 68],
    [200, 50],
    [214, 30],
    [174, 52],
    [222, 52],
  ].map(([x, y]) => [circle(x, y, 9, '#eba9a6'), circle(x, y, 3, '#b5565c')]),
  path('M136 98 h48 q6 12 26 22 C276 156 246 240 192 252 h-64 C74 240 44 156 110 120 q20 -10 26 -22 z', toned(c.main)),
  ellipse(160, 98, 25, 6, c.deep),
  line('M66 186 q94 16 188 0', c.soft, 3),
];

const budVase = (c) => [
  ground(46),
  line('M160 130 C158 100 164 74 150 50', leaf, 5),
  path('M158 104 q28 -18 40 -4 q-18 18 -40 4 z', leaf),
  each(6, (at) => group(`rotate(${at * 60} 150 46)`, ellipse(150, 30, 8, 15, c.pop))),
  circle(150, 46, 8, c.deep),
  path('M146 120 h28 v38 C212 176 216 240 192 252 h-64 C104 240 108 176 146 158 z', toned(c.main)),
  rect(142, 116, 36, 9, 4.5, c.deep),
];

const candleJar = (c) => [
  ground(66),
  path('M160 62 q20 24 0 42 q-20 -18 0 -42 z', '#f2a94c'),
  path('M160 80 q9 12 0 22 q-9 -10 0 -22 z', '#fff0c2'),
  line('M160 104 V126', dark, 4),
  rect(96, 122, 128, 130, 16, toned(c.main)),
  ellipse(160, 126, 62, 11, '#fbf1d8'),
  rect(112, 168, 96, 56, 4, paper),
  rect(126, 182, 68, 6, 3, c.deep),
  rect(138, 198, 44, 5, 2.5, c.soft),
];

const candleTin = (c) => [
  ground(82),
  group('rotate(-10 230 236)', ellipse(236, 236, 58, 14, c.deep), ellipse(236, 231, 58, 14, toned(c.soft))),
  path('M128 78 q18 22 0 40 q-18 -18 0 -40 z', '#f2a94c'),
  line('M128 116 V142', dark, 4),
  rect(62, 142, 132, 104, 12, toned(c.main)),
  ellipse(128, 144, 66, 14, c.deep),
  ellipse(128, 145, 58, 10, '#f4e7cc'),
  rect(82, 178, 92, 40, 4, c.pop),
  rect(96, 190, 64, 5, 2.5, paper),
  rect(104, 202, 48, 4, 2, paper),
];

const ticks = (cx, cy, radius, colour) =>
  each(12, (at) => group(`rotate(${at * 30} ${cx} ${cy})`, rect(cx - 2.5, cy - radius, 5, at % 3 ? 9 : 17, 2.5, colour)));

const wallClock = (c) => [
  circle(160, 160, 102, toned(c.main)),
  circle(160, 160, 86, paper),
  ticks(160, 160, 76, c.deep),
  line('M160 160 L160 104', dark, 7),
  line('M160 160 L202 182', dark, 7),
  line('M160 176 L160 96', c.pop, 3),
  circle(160, 160, 7, c.pop),
];

const alarmClock = (c) => [
  ground(76),
  line('M108 228 L92 250 M212 228 L228 250', c.deep, 12),
  path('M84 104 a34 34 0 0 1 54 -28 z', toned(brass)),
  path('M236 104 a34 34 0 0 0 -54 -28 z', toned(brass)),
  line('M140 66 q20 -22 40 0', c.deep, 7),
  circle(160, 166, 82, toned(c.main)),
  circle(160, 166, 66, paper),
  ticks(160, 166, 58, c.deep),
  line('M160 166 V126', dark, 6),
  line('M160 166 L188 166', dark, 6),
  circle(160, 166, 6, c.pop),
];

const seagrass = (c) => [
  ground(88),
  line('M92 130 C72 84 118 84 116 124 M228 130 C248 84 202 84 204 124', c.deep, 9),
  path('M74 122 h172 l-16 116 a16 16 0 0 1-16 14 H106 a16 16 0 0 1-16-14 z', toned(c.main)),
  each(6, (row) => each(9, (at) => line(`M${92 + at * 16 + (row % 2) * 7} ${140 + row * 17} q6 8 10 0`, c.deep, 3))),
  rect(70, 116, 180, 14, 7, c.deep),
];

const feltBasket = (c) => [
  ground(92),
  path('M88 118 q30 -44 70 -8 t74 6 z', '#d9b3a0'),
  path('M120 118 q30 -30 74 0 z', '#b8c7b0'),
  path('M66 116 h188 l-6 136 H72 z', toned(c.main)),
  rect(62, 112, 196, 12, 4, c.deep),
  rect(118, 150, 84, 24, 12, darkWood),
  rect(128, 157, 64, 10, 5, c.main),
];

const fronds = (x, y) =>
  [
    [-46, -62],
    [-26, -88],
    [0, -100],
    [26, -88],
    [46, -62],
  ].map(([dx, dy], at) =>
    path(
      `M${x} ${y} C${x + dx * 0.2 - 14} ${y + dy * 0.6} ${x + dx - 10} ${y + dy * 0.9} ${x + dx} ${y + dy} C${x + dx + 12} ${y + dy * 0.7} ${x + dx * 0.3 + 14} ${y + dy * 0.4} ${x} ${y} z`,
      ['#7d9f6b', '#5f8653', '#8fb07a', '#6c935d', '#7d9f6b'][at],
    ),
  );

const terracotta = (c) => [
  ground(84),
  fronds(160, 148),
  path('M92 158 h136 l-18 86 H110 z', toned(c.main)),
  rect(84, 140, 152, 26, 6, toned(c.deep)),
  rect(92, 242, 136, 11, 5.5, c.deep),
];

const selfWatering = (c) => [
  ground(78),
  line('M160 150 C150 110 120 100 112 64 M160 150 C166 110 196 104 208 72 M160 150 V70', leaf, 5),
  [
    [112, 60],
    [208, 68],
    [160, 62],
    [134, 92],
    [186, 94],
  ].map(([x, y]) => ellipse(x, y, 22, 15, '#6c935d')),
  rect(92, 142, 136, 110, 24, toned(c.main)),
  path('M92 206 h136 v22 a24 24 0 0 1-24 24 h-88 a24 24 0 0 1-24-24 z', c.deep),
  rect(204, 160, 12, 76, 6, paper),
  rect(204, 200, 12, 36, 6, c.pop),
];

const mirror = () => [
  circle(160, 160, 104, toned(wood)),
  circle(160, 160, 88, '#d9e6ea'),
  faded(0.7, path('M96 196 L196 96 L222 110 L110 222 z', '#f3f9fb'), path('M132 236 L236 132 L242 146 L146 242 z', '#f3f9fb')),
  rect(150, 36, 20, 22, 6, darkWood),
];

const diffuser = (c) => [
  ground(66),
  faded(0.75, circle(150, 70, 20, '#ffffff'), circle(176, 54, 15, '#ffffff'), circle(160, 92, 14, '#ffffff')),
  path('M140 112 h40 C232 130 236 214 216 230 H104 C84 214 88 130 140 112 z', toned(c.main)),
  ellipse(160, 112, 20, 5, c.deep),
  path('M102 228 h116 v10 a14 14 0 0 1-14 14 h-88 a14 14 0 0 1-14-14 z', toned(wood)),
  circle(122, 162, 3, c.soft),
  circle(190, 180, 4, c.soft),
  circle(150, 196, 3, c.soft),
  circle(178, 146, 3, c.soft),
];

const fringe = (colour, y1, y2) => each(13, (at) => line(`M${76 + at * 14} ${y1} V${y2}`, colour, 4));

const woolRug = (c) => [
  fringe(c.deep, 50, 270),
  rect(66, 60, 188, 200, 8, toned(c.main)),
  rect(82, 76, 156, 168, 6, c.soft),
  path('M160 90 L224 160 L160 230 L96 160 z', c.main),
  path('M160 122 L194 160 L160 198 L126 160 z', c.pop),
  circle(160, 160, 12, c.soft),
];

const bathMat = (c) => [
  ground(110, 246),
  path('M60 128 h200 l30 112 H30 z', toned(c.main)),
  path('M72 138 h176 l22 90 H50 z', c.soft),
  [
    [130, 178, -12],
    [186, 192, 10],
  ].map(([x, y, turn]) =>
    group(
      `rotate(${turn} ${x} ${y}) scale(1 .8)`,
      faded(
        0.5,
        ellipse(x, y * 1.25, 17, 30, c.deep),
        each(4, (at) => circle(x - 15 + at * 10, y * 1.25 - 38, 4.6, c.deep)),
      ),
    ),
  ),
];

const cushion = (c) => [
  ground(90),
  path('M66 88 Q160 106 254 88 Q236 168 256 250 Q160 232 64 250 Q84 168 66 88 z', toned(c.main)),
  each(8, (at) => line(`M${92 + at * 19.5} 104 Q${94 + at * 19} 170 ${90 + at * 20} 236`, c.deep, 2)),
  circle(66, 90, 6, c.pop),
  circle(254, 90, 6, c.pop),
  circle(256, 248, 6, c.pop),
  circle(64, 248, 6, c.pop),
];

const softPillow = (c) => [
  ground(110),
  path(
    'M52 150 Q48 124 78 130 Q160 108 242 130 Q272 124 268 150 Q260 190 268 228 Q270 252 240 246 Q160 258 80 246 Q50 252 52 228 Q60 190 52 150 z',
    toned(c.main),
  ),
  line('M68 146 Q80 190 68 234 M252 146 Q240 190 252 234', c.soft, 4),
  line('M130 176 Q160 190 190 176', c.deep, 3),
  path('M238 236 h22 v18 h-22 z', c.pop),
];

const firmPillow = (c) => [
  ground(112),
  rect(46, 164, 228, 88, 38, toned(c.main)),
  ellipse(64, 208, 18, 42, c.soft),
  each(9, (at) => line(`M${92 + at * 20} 176 V240`, c.soft, 4)),
  each(5, (at) => ellipse(74 + at * 12, 148 - (at % 2) * 7, 7, 4, c.deep)),
  each(3, (at) => ellipse(88 + at * 13, 134, 7, 4, c.deep)),
];

const duvet = (c, stitched) => [
  ground(104),
  path('M60 214 q-6 -40 30 -44 h140 q36 4 30 44 q6 38 -24 38 H84 q-30 0 -24 -38 z', toned(c.main)),
  path('M70 160 q-4 -36 28 -40 h124 q32 4 28 40 q4 32 -24 32 H94 q-28 0 -24 -32 z', toned(c.soft)),
  path('M84 112 q0 -28 26 -30 h100 q26 2 26 30 q2 26 -22 26 H106 q-24 0 -22 -26 z', toned(c.main)),
  stitched
    ? [line('M124 84 v50 M160 82 v54 M196 84 v50', c.deep, 2), line('M114 124 v66 M160 122 v68 M206 124 v66', c.deep, 2)]
    : [line('M96 112 q32 14 64 0 t64 0', c.soft, 4), line('M84 160 q38 14 76 0 t76 0', c.main, 4)],
  path('M140 172 h40 v82 h-40 z', c.pop),
];

const sheetSet = (c, checked) => [
  ground(100),
  [
    [212, c.main, 0],
    [174, c.soft, 6],
    [136, c.main, 2],
    [104, c.deep, 14],
  ].map(([y, colour, inset], at) => [
    rect(64 + inset, y, 192 - inset * 2, 40 - (at === 3 ? 8 : 0), 14, toned(colour)),
    line(`M${80 + inset} ${y + 24} H${240 - inset}`, at % 2 ? c.main : c.soft, 3),
  ]),
  checked ? [line('M150 104 V252', c.pop, 8), line('M120 104 q30 -34 32 0 q8 -34 38 0', c.pop, 6)] : rect(120, 176, 80, 32, 4, paper),
  checked ? '' : rect(134, 189, 52, 5, 2.5, c.deep),
];

const hungTowel = (c) => [
  rect(44, 66, 232, 10, 5, wood),
  path('M84 62 h152 v176 a8 8 0 0 1-8 8 H92 a8 8 0 0 1-8-8 z', toned(c.main)),
  each(9, (row) => each(8, (at) => rect(94 + at * 17, 82 + row * 17, 11, 11, 2, c.soft))),
  rect(84, 56, 152, 14, 7, c.deep),
];

const stackedTowels = (c) => [
  ground(92),
  [c.main, c.soft, c.pop].map((colour, at) => [
    rect(70, 204 - at * 50, 180, 48, 22, toned(colour)),
    line(`M92 ${228 - at * 50} H228`, paper, 3),
    rect(70, 216 - at * 50, 26, 24, 12, c.deep),
  ]),
];

const faceCloth = (c) => [
  rect(110, 52, 100, 12, 6, wood),
  line('M160 60 q16 16 0 26 q-16 -10 0 -26', c.deep, 5),
  path('M160 82 C118 100 92 156 82 246 q20 12 39 0 q20 12 39 0 q20 12 39 0 q20 12 39 0 C228 156 202 100 160 82 z', toned(c.soft)),
  line('M154 104 C138 146 126 196 121 240 M160 100 V240 M166 104 C182 146 194 196 199 240', c.main, 4),
  [
    [108, 206],
    [140, 180],
    [182, 206],
    [214, 222],
    [150, 222],
    [180, 150],
  ].map(([x, y]) => circle(x, y, 4.5, c.pop)),
];

const throwBlanket = (c) => [
  ground(96),
  each(11, (at) => line(`M${86 + at * 15} 226 v22`, c.soft, 4)),
  path('M76 92 q84 -34 168 0 v134 H76 z', toned(c.main)),
  each(4, (at) => rect(103 + at * 36, 84, 6, 142, 0, c.soft)),
  each(3, (at) => rect(76, 125 + at * 36, 168, 6, 0, c.deep)),
  path('M76 92 q84 -34 168 0 v22 q-84 -30 -168 0 z', c.deep),
];

const heatedBlanket = (c) => [
  ground(104),
  path('M58 120 h170 a18 18 0 0 1 18 18 v96 a18 18 0 0 1-18 18 H58 z', toned(c.main)),
  ellipse(58, 186, 18, 66, c.soft),
  line('M92 148 H220 q14 12 0 24 H100 q-14 12 0 24 H220 q14 12 0 24 H100', c.soft, 4),
  line('M246 214 C290 214 268 120 262 96', dark, 5),
  rect(240, 50, 44, 66, 10, paper),
  circle(262, 72, 10, c.pop),
  rect(252, 92, 20, 5, 2.5, c.deep),
  rect(252, 102, 20, 5, 2.5, c.deep),
];

const swaddles = (c) => [
  ground(96),
  rect(62, 176, 196, 76, 36, toned(c.main)),
  ellipse(92, 214, 30, 38, c.soft),
  line('M92 214 m-16 0 a16 18 0 1 1 16 18', c.deep, 4),
  rect(82, 108, 176, 70, 34, toned(c.soft)),
  ellipse(112, 143, 28, 35, paper),
  line('M112 143 m-14 0 a14 16 0 1 1 14 16', c.main, 4),
  [
    [168, 130],
    [206, 152],
    [232, 130],
    [182, 204],
    [222, 222],
    [150, 228],
  ].map(([x, y]) => path(`M${x} ${y} q6 -12 12 0 q-6 10 -12 0 z`, c.pop)),
];

const robe = (c) => [
  line('M160 62 V46 q0 -16 14 -12', dark, 5),
  line('M106 90 L160 62 L214 90', darkWood, 8),
  path('M122 82 L82 104 L56 196 L92 206 L104 164 L96 256 H224 L216 164 L228 206 L264 196 L238 104 L198 82 L160 128 z', toned(c.main)),
  path('M122 82 L160 128 L198 82 L208 88 L164 166 V256 H156 V166 L112 88 z', c.soft),
  rect(98, 168, 124, 14, 7, c.pop),
  line('M166 180 L176 222', c.pop, 8),
  rect(108, 198, 34, 34, 5, c.soft),
];

const eyeMask = (c) => [
  line('M76 148 C96 60 224 60 244 148', c.deep, 12),
  path('M52 150 Q106 122 160 140 Q214 122 268 150 Q276 222 218 222 Q180 222 160 182 Q140 222 102 222 Q44 222 52 150 z', toned(c.main)),
  line('M86 178 q20 18 42 0 M192 178 q20 18 42 0', c.soft, 5),
  line('M92 186 l-5 9 M107 190 v10 M122 186 l5 9 M198 186 l-5 9 M213 190 v10 M228 186 l5 9', c.soft, 4),
];

export const home = {
  lamp: pick(paperLamp, mushroomLamp),
  vase: pick(moonVase, budVase),
  candle: pick(candleJar, candleTin),
  clock: pick(wallClock, alarmClock),
  basket: pick(seagrass, feltBasket),
  planter: pick(terracotta, selfWatering),
  mirror,
  diffuser,
  rug: pick(woolRug, bathMat),
  cushion,
  pillow: pick(softPillow, firmPillow),
  duvet: (c, v) => duvet(c, v === 0),
  sheets: (c, v) => sheetSet(c, v === 1),
  towel: pick(hungTowel, stackedTowels, faceCloth),
  blanket: pick(throwBlanket, heatedBlanket, swaddles),
  robe,
  eyemask: eyeMask,
};
