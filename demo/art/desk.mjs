/** Stationery, tea and snack pictures. */
import {
  brass,
  circle,
  dark,
  darkSteel,
  darkWood,
  each,
  ellipse,
  glass,
  ground,
  group,
  leaf,
  line,
  paper,
  path,
  pick,
  rect,
  steel,
  toned,
  wood,
} from './pen.mjs';

const coverBook = (c, inside) =>
  group(
    'rotate(-6 160 160)',
    rect(84, 54, 164, 212, 10, c.soft),
    rect(78, 50, 164, 212, 10, toned(c.main)),
    rect(78, 50, 24, 212, 8, c.deep),
    inside,
  );
const dotted = (c) =>
  coverBook(c, [
    rect(124, 92, 96, 58, 4, paper),
    each(3, (row) => each(6, (at) => circle(136 + at * 14, 106 + row * 15, 2, c.deep))),
    rect(224, 50, 8, 212, 0, c.pop),
    path('M150 262 v22 l7 -7 7 7 v-22 z', c.pop),
  ]);
const sketch = (c) =>
  coverBook(c, [
    line('M128 190 q20 -60 40 -20 t50 -40', c.soft, 5),
    circle(200, 108, 15, c.pop),
    group(
      'rotate(40 206 214)',
      rect(140, 208, 118, 14, 3, '#dea73f'),
      path('M258 208 l20 7 -20 7 z', '#f0d9b0'),
      path('M271 212 l7 3 -7 3 z', dark),
      rect(132, 208, 10, 14, 3, c.pop),
    ),
  ]);

const planner = (c) => [
  rect(50, 78, 220, 172, 12, toned(c.main)),
  rect(60, 70, 98, 168, 4, paper),
  rect(162, 70, 98, 168, 4, paper),
  each(7, (at) => [
    rect(70, 84 + at * 21, 14, 12, 3, at === 2 ? c.pop : c.soft),
    line(`M92 ${90 + at * 21} h${[52, 40, 56, 30, 46, 54, 22][at]}`, c.soft, 4),
  ]),
  circle(211, 120, 22, c.soft),
  line('M184 164 h54 M184 182 h54 M184 200 h34', c.soft, 4),
  each(7, (at) => rect(150, 80 + at * 23, 20, 7, 3.5, darkSteel)),
  path('M236 70 v-18 h14 v40 l-7 -7 -7 7 z', c.pop),
];

const fountainPen = (c) =>
  group(
    'rotate(-38 160 160)',
    rect(64, 146, 128, 30, 14, toned(c.main)),
    rect(182, 146, 12, 30, 2, brass),
    path('M194 148 h48 q10 4 12 13 q-2 9 -12 13 h-48 z', toned(c.deep)),
    path('M252 152 l44 9 -44 9 z', toned(brass)),
    line('M258 161 h30', c.deep, 2),
    rect(86, 138, 58, 8, 4, brass),
    path('M30 148 h38 v26 H30 q-8 -13 0 -26 z', toned(c.deep)),
  );

const gelPens = (c) =>
  each(5, (at) =>
    group(
      `translate(${66 + at * 42} 0)`,
      rect(0, 84, 20, 138, 5, toned([dark, c.main, c.pop, c.deep, '#64896f'][at])),
      rect(-1, 60, 22, 60, 6, c.soft),
      rect(20, 70, 5, 44, 2.5, c.deep),
      path('M2 222 h16 l-6 26 h-4 z', steel),
      circle(10, 250, 2, dark),
    ),
  );

const pencils = () => [
  each(9, (at) => {
    const colour = ['#c8755a', '#dea73f', '#8aa682', '#40715e', '#7db1c9', '#42607f', '#8f5c7a', '#de9195', '#7c3f30'][at];
    const top = 70 + Math.abs(4 - at) * 7;
    return [
      rect(62 + at * 22, top + 26, 19, 120, 2, toned(colour)),
      path(`M${62 + at * 22} ${top + 27} l9.5 -30 9.5 30 z`, '#f0d9b0'),
      path(`M${68 + at * 22} ${top + 8} l3.5 -11 3.5 11 z`, colour),
    ];
  }),
  rect(50, 176, 220, 78, 12, toned('#e8e2d4')),
  rect(50, 176, 220, 10, 5, '#c3bba8'),
  rect(112, 200, 96, 32, 5, '#40715e'),
  line('M126 216 h68', paper, 4),
];

const washi = (c) => [
  ground(104),
  [
    [108, 196, 54, c.main],
    [212, 198, 52, c.pop],
    [160, 112, 56, '#7db1c9'],
  ].map(([x, y, r, colour], at) => [
    circle(x, y, r, toned(colour)),
    each(8, (turn) =>
      group(
        `rotate(${turn * 45} ${x} ${y})`,
        at === 0
          ? circle(x, y - r + 10, 4, paper)
          : at === 1
            ? rect(x - 2, y - r + 4, 4, 13, 2, paper)
            : ellipse(x, y - r + 10, 3, 7, paper),
      ),
    ),
    circle(x, y, r * 0.62, paper),
    circle(x, y, r * 0.5, '#d9c3a0'),
    circle(x, y, r * 0.42, c.ground),
  ]),
  path('M256 224 l38 26 -8 14 -44 -24 z', c.pop),
];

const pencilRoll = (c) => [
  path('M40 112 h214 v124 H40 z', toned(c.main)),
  each(6, (at) => [
    rect(60 + at * 30, 78 + (at % 3) * 8, 12, 90, 4, ['#c8755a', '#dea73f', '#42607f', '#8f5c7a', '#de9195', '#e8e2d4'][at]),
    path(`M${60 + at * 30} ${79 + (at % 3) * 8} l6 -17 6 17 z`, '#f0d9b0'),
  ]),
  rect(40, 152, 214, 84, 4, c.deep),
  each(6, (at) => line(`M${82 + at * 30} 156 v76`, c.main, 3)),
  ellipse(262, 174, 20, 64, c.soft),
  ellipse(262, 174, 11, 42, c.main),
  line('M254 190 C296 200 292 246 258 262', darkWood, 5),
];

const stapler = (c) => [
  ground(110),
  path('M44 236 h232 v6 a10 10 0 0 1-10 10 H54 a10 10 0 0 1-10-10 z', toned(c.deep)),
  rect(62, 222, 170, 14, 4, steel),
  path('M56 148 L256 196 a14 14 0 0 1 12 14 v12 H230 L58 214 q-10 -2 -10 -14 v-40 q0 -12 8 -12 z', toned(c.main)),
  circle(76, 196, 14, c.deep),
  line('M104 172 L236 204', c.soft, 5),
  rect(252, 216, 20, 10, 3, darkSteel),
];

const weekCalendar = (c) => [
  ground(92),
  rect(78, 70, 164, 156, 6, toned(paper)),
  rect(78, 70, 164, 42, 6, c.main),
  rect(100, 86, 70, 9, 4.5, paper),
  each(3, (row) => each(5, (at) => rect(96 + at * 27, 126 + row * 29, 20, 20, 5, row === 1 && at === 2 ? c.pop : c.soft))),
  path('M52 222 h216 l8 22 a8 8 0 0 1-8 10 H52 a8 8 0 0 1-8-10 z', toned(wood)),
  rect(66, 220, 188, 7, 3.5, darkWood),
];

const scissors = (c) => [
  path('M150 150 L206 34 q10 8 6 24 L172 164 z', toned(steel)),
  path('M170 150 L114 34 q-10 8 -6 24 L148 164 z', toned(darkSteel)),
  [
    [112, 224, 24],
    [208, 224, -24],
  ].map(([x, y, turn]) => group(`rotate(${turn} ${x} ${y})`, ellipse(x, y, 34, 46, toned(c.main)), ellipse(x, y + 2, 18, 30, c.ground))),
  path('M146 152 L172 152 L196 196 L178 202 L160 170 L142 202 L124 196 z', c.main),
  circle(160, 158, 8, brass),
];

const ruler = () =>
  group(
    'rotate(-28 160 160)',
    rect(22, 128, 276, 64, 5, toned(brass)),
    each(31, (at) => line(`M${34 + at * 8.4} 130 v${at % 5 ? 12 : 24}`, '#7d5d1c', 2.4)),
    circle(282, 174, 7, '#f7edd2'),
    line('M40 178 h90', '#b48d3d', 3),
  );

const nameStamp = (c) => [
  ground(96),
  rect(90, 74, 64, 150, 10, toned(wood)),
  path('M90 84 a10 10 0 0 1 10-10 h44 a10 10 0 0 1 10 10 q-32 18 -64 0 z', darkWood),
  rect(86, 220, 72, 18, 4, '#b5382f'),
  ellipse(226, 232, 48, 20, toned(c.soft)),
  ellipse(226, 226, 48, 16, paper),
  ellipse(226, 226, 36, 11, '#b5382f'),
  rect(188, 92, 72, 72, 8, '#b5382f'),
  line('M204 110 h40 M224 104 v46 M206 128 h36 M204 148 q20 -14 40 0', paper, 5),
];

const organiser = (c) => [
  ground(108),
  rect(88, 82, 12, 90, 4, '#dea73f'),
  rect(108, 62, 12, 110, 4, '#42607f'),
  rect(128, 88, 12, 84, 4, '#c8755a'),
  path('M88 83 l6 -18 6 18 z', '#f0d9b0'),
  rect(184, 92, 70, 120, 10, dark),
  rect(190, 100, 58, 96, 4, '#7db1c9'),
  rect(72, 140, 84, 112, 10, toned(c.main)),
  path('M156 186 h112 a10 10 0 0 1 10 10 v46 a10 10 0 0 1-10 10 H156 z', toned(darkWood)),
  rect(168, 198, 96, 10, 5, c.soft),
  circle(114, 196, 14, c.deep),
];

const teaTin = (c, v) => [
  ground(64),
  rect(96, 98, 128, 154, 10, toned(c.main)),
  rect(90, 72, 140, 36, 10, toned(v === 2 ? c.pop : c.deep)),
  rect(112, 126, 96, 104, 6, v === 2 ? '#bcd3dc' : paper),
  v === 0
    ? [path('M160 216 C126 190 134 152 160 138 C186 152 194 190 160 216 z', leaf), line('M160 208 V150', paper, 3)]
    : v === 1
      ? [circle(160, 178, 34, c.main), circle(160, 178, 25, c.soft), line('M146 178 h28 M160 164 v28', c.deep, 4)]
      : [
          each(5, (at) => group(`rotate(${at * 72} 160 176)`, ellipse(160, 156, 11, 18, paper))),
          circle(160, 176, 10, '#eeb25c'),
          path('M128 214 q16 -16 32 0 q-16 12 -32 0 z', leaf),
        ],
];

const pouch = (c, v) => [
  ground(70),
  path('M92 76 h136 l8 156 q0 20 -20 20 H104 q-20 0 -20 -20 z', toned(c.main)),
  rect(88, 60, 144, 22, 4, c.deep),
  line('M94 94 h132', c.soft, 3),
  rect(108, 122, 104, 96, 8, v === 3 ? '#e9d7bf' : paper),
  [
    () => [path('M132 198 q0 -44 28 -58 q28 14 28 58 z', c.main), line('M160 144 v-14 h22', c.deep, 3), rect(178, 124, 22, 14, 2, c.pop)],
    () =>
      [
        [140, 160, '#a4652f'],
        [176, 152, '#c98d4f'],
        [160, 188, '#8b5a2b'],
        [188, 186, '#b5383f'],
        [130, 190, '#e0b070'],
      ].map(([x, y, colour], at) =>
        group(`rotate(${at * 37} ${x} ${y})`, ellipse(x, y, 11, 16, colour), line(`M${x} ${y - 9} v18`, paper, 2)),
      ),
    () => [
      path('M128 190 C118 148 160 128 190 148 C208 168 184 206 156 204 C142 204 132 200 128 190 z', '#efa534'),
      path('M186 146 q8 -16 24 -14 q-4 16 -24 14 z', leaf),
      line('M142 182 q-2 -22 16 -32', '#f8d38a', 5),
    ],
    () =>
      [
        [142, 162, 20],
        [182, 158, -30],
        [160, 194, 70],
      ].map(([x, y, turn]) =>
        group(`rotate(${turn} ${x} ${y})`, ellipse(x, y, 14, 20, '#6b4630'), line(`M${x} ${y - 16} q8 16 0 32`, '#e9d7bf', 3)),
      ),
  ][v](),
];

const clayTeapot = (c) => [
  ground(84),
  line('M222 150 C282 132 280 226 218 218', c.deep, 13),
  path('M100 188 L52 150 L44 132 L64 138 L112 158 z', toned(c.main)),
  path('M82 200 C82 142 120 130 160 130 C200 130 238 142 238 200 C238 236 206 252 160 252 C114 252 82 236 82 200 z', toned(c.main)),
  path('M114 134 q46 -32 92 0 q-46 16 -92 0 z', c.deep),
  circle(160, 108, 11, c.deep),
  line('M92 206 q68 20 136 0', c.soft, 3),
];

const travelSet = (c) => [
  ground(112),
  path('M56 166 h128 v56 q0 30 -30 30 H86 q-30 0 -30 -30 z', toned(c.main)),
  path('M184 174 q36 -4 36 26 q0 26 -36 24', c.deep),
  path('M62 166 q58 -44 116 0 z', c.deep),
  circle(120, 138, 10, c.pop),
  path('M60 186 L34 164 l8 -10 20 10 z', c.main),
  path('M206 206 h72 q0 46 -26 46 h-20 q-26 0 -26 -46 z', toned(paper)),
  path('M212 158 h60 q0 40 -22 40 h-16 q-22 0 -22 -40 z', toned(c.soft)),
  ellipse(242, 207, 36, 7, '#c99445'),
];

const cups = (c) => {
  const cup = (x, y) => [
    path(
      `M${x - 52} ${y} h104 C${x + 50} ${y + 48} ${x + 28} ${y + 66} ${x + 22} ${y + 70} v8 h-44 v-8 C${x - 28} ${y + 66} ${x - 50} ${y + 48} ${x - 52} ${y} z`,
      toned(c.main),
    ),
    ellipse(x, y, 52, 12, c.soft),
    ellipse(x, y + 1, 43, 8.5, '#c3b455'),
  ];
  return [
    ground(112),
    line('M104 130 q-10 -16 0 -30 q10 -14 0 -28 M126 134 q-8 -12 0 -24', '#ffffff', 5),
    cup(112, 160),
    cup(208, 174),
    line('M182 204 q26 10 52 0', c.soft, 3),
  ];
};

const crisps = (c) => [
  ground(104),
  ellipse(160, 234, 116, 18, toned('#f8f6f1')),
  each(5, (at) =>
    group(
      `rotate(${-14 + at * 7} 160 250)`,
      ellipse(92 + at * 34, 188 - (at % 2) * 8, 42, 42, toned(at % 2 ? c.main : c.deep)),
      each(9, (dot) => circle(74 + at * 34 + (dot % 3) * 18, 168 - (at % 2) * 8 + Math.floor(dot / 3) * 18, 3, at % 2 ? dark : c.soft)),
    ),
  ),
];

const cookieTin = (c) => [
  ground(112),
  rect(44, 150, 232, 102, 22, toned(c.main)),
  ellipse(160, 154, 116, 40, c.deep),
  ellipse(160, 152, 104, 33, paper),
  each(2, (row) =>
    each(4, (at) => [
      ellipse(102 + at * 39, 142 + row * 22, 18, 11, '#dfae62'),
      ellipse(102 + at * 39, 140 + row * 22, 12, 7, '#efcb8c'),
      circle(102 + at * 39, 140 + row * 22, 3, at === 2 ? '#b5383f' : '#c99445'),
    ]),
  ),
  rect(44, 204, 232, 14, 0, c.soft),
  path('M160 196 l22 -12 v54 l-22 -12 -22 12 v-54 z', c.pop),
];

const honey = (c) => [
  ground(70),
  group(
    'rotate(24 222 80)',
    rect(216, 26, 10, 108, 5, wood),
    each(4, (at) => rect(206 + (at % 2), 112 + at * 9, 30, 7, 3.5, darkWood)),
  ),
  path('M94 126 q-12 14 -12 36 v66 q0 24 24 24 h108 q24 0 24 -24 v-66 q0 -22 -12 -36 z', toned(glass)),
  path('M86 156 h148 v72 q0 22 -22 22 H108 q-22 0 -22 -22 z', toned(c.main)),
  rect(88, 92, 144, 36, 10, toned(c.deep)),
  rect(112, 172, 96, 52, 6, paper),
  path('M160 180 l17 10 v18 l-17 10 -17 -10 v-18 z', c.main),
  line('M96 168 v50', '#fdf0c8', 5),
];

const chocolate = (c, wrapped) =>
  group('rotate(-12 160 160)', [
    rect(84, 44, 152, 150, 6, wrapped ? '#5b3a28' : '#dfe6c6'),
    each(3, (row) => each(3, (at) => rect(91 + at * 47, 51 + row * 40, 44, 36, 4, toned(wrapped ? '#6f4832' : '#b9cc8f')))),
    path(
      `M78 128 ${each(8, (at) => `L${88 + at * 20.6} ${at % 2 ? 128 : 118}`).join(' ')} L242 128 V270 a6 6 0 0 1-6 6 H84 a6 6 0 0 1-6-6 z`,
      toned(c.main),
    ),
    path('M78 134 h164 v12 h-164 z', steel),
    rect(102, 172, 116, 76, 4, paper),
    rect(120, 190, 80, 8, 4, c.deep),
    rect(132, 208, 56, 6, 3, c.soft),
    circle(160, 230, 8, c.pop),
  ]);

export const desk = {
  notebook: pick(dotted, planner, sketch),
  pen: pick(fountainPen, gelPens),
  pencils,
  tape: washi,
  case: pencilRoll,
  stapler,
  calendar: weekCalendar,
  scissors,
  ruler,
  stamp: nameStamp,
  organiser,
  tin: teaTin,
  pouch,
  teapot: pick(clayTeapot, travelSet),
  teacup: cups,
  biscuits: pick(crisps, cookieTin),
  honey,
  chocolate: (c, v) => chocolate(c, v === 0),
};
