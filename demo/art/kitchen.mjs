/** Kitchen pictures. A drawing takes a palette and a variant number and returns SVG shapes. */
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
  pick,
  rect,
  steel,
  toned,
  wood,
} from './pen.mjs';

const gooseneck = (c) => [
  ground(84),
  line('M112 216 C70 212 84 150 62 124 L48 116', c.main, 13),
  line('M208 132 C262 120 268 190 222 214', darkWood, 13),
  path('M112 130 h98 l18 108 a14 14 0 0 1-14 14 H106 a14 14 0 0 1-14-14 z', toned(c.main)),
  path('M116 118 h90 l6 16 h-102 z', toned(c.deep)),
  circle(161, 108, 11, wood),
  rect(128, 160, 8, 60, 4, c.soft),
];

const whistling = (c) => [
  ground(92),
  line('M100 130 C104 62 218 62 222 130', darkWood, 12),
  path('M226 178 l46 -30 8 12 -42 46 z', toned(c.deep)),
  path('M92 150 C92 112 230 112 230 150 L244 232 a20 20 0 0 1-20 20 H98 a20 20 0 0 1-20-20 z', toned(c.main)),
  ellipse(161, 126, 36, 9, c.deep),
  circle(161, 116, 9, c.pop),
  rect(84, 214, 154, 9, 4, c.soft),
];

const soupPot = (c) => [
  ground(100),
  rect(44, 164, 40, 18, 9, c.deep),
  rect(236, 164, 40, 18, 9, c.deep),
  path('M68 152 h184 v76 a24 24 0 0 1-24 24 H92 a24 24 0 0 1-24-24 z', toned(c.main)),
  path('M62 150 C70 112 250 112 258 150 z', toned(c.deep)),
  rect(58, 146, 204, 12, 6, c.soft),
  circle(160, 112, 13, brass),
];

const milkPan = (c) => [
  ground(80),
  rect(196, 150, 102, 15, 7.5, wood),
  path('M66 142 q-8 -6 -14 -8 h152 q-6 4 -8 10 v92 a16 16 0 0 1-16 16 H86 a16 16 0 0 1-16-16 z', toned(c.main)),
  rect(66, 140, 136, 9, 4, c.pop),
  line('M116 112 q-10 -12 0 -24 M142 112 q-10 -14 0 -28', c.deep, 4),
];

const wok = (c) => [
  ground(70),
  group('rotate(-14 220 150)', rect(214, 142, 96, 16, 8, toned(wood)), rect(206, 140, 20, 20, 5, darkSteel)),
  path('M40 150 h196 C230 226 182 250 138 250 C94 250 46 226 40 150 z', toned(c.main)),
  ellipse(138, 150, 98, 16, c.deep),
  ellipse(138, 153, 84, 11, c.soft),
  circle(112, 152, 7, '#e6b65c'),
  circle(140, 156, 6, '#7d9f6b'),
  circle(160, 150, 7, '#d9795a'),
];

const eggPan = (c) => [
  group('rotate(38 232 232)', rect(226, 222, 92, 20, 10, toned(darkWood))),
  circle(146, 148, 96, toned(c.deep)),
  circle(146, 148, 86, c.main),
  [
    [108, 110],
    [184, 110],
    [108, 186],
    [184, 186],
  ].map(([x, y], at) => [circle(x, y, 32, c.deep), faded(at === 3 ? 0 : 1, circle(x, y, 27, paper), circle(x + 3, y - 2, 12, '#eeb23f'))]),
];

const santoku = (c) =>
  group(
    'rotate(-32 160 160)',
    path('M40 148 H206 V190 H92 C62 190 44 172 40 148 z', toned(steel)),
    path('M40 148 H206 V156 H44 z', darkSteel),
    rect(206, 146, 96, 26, 8, toned(c.deep)),
    each(3, (at) => circle(226 + at * 26, 159, 3.4, c.soft)),
  );

const breadKnife = () =>
  group(
    'rotate(-32 160 160)',
    path(`M22 150 Q24 146 34 146 H206 V172 ${'q-7 8 -14 0 '.repeat(12)} Q26 170 22 150 z`, toned(steel)),
    rect(206, 144, 98, 28, 12, toned(darkWood)),
    each(2, (at) => circle(228 + at * 48, 158, 3.6, brass)),
  );

const board = () => [
  ground(92),
  rect(70, 76, 180, 176, 16, darkWood),
  each(5, (row) =>
    each(6, (column) => rect(76 + column * 28.4, 82 + row * 33.2, 27, 31.6, 3, ['#d6aa76', '#c4935c', '#deb887'][(row * 2 + column) % 3])),
  ),
  circle(160, 99, 12, '#f4ecdd'),
];

const stonewareMug = (c) => [
  ground(72),
  line('M212 148 C268 140 266 222 208 214', c.deep, 17),
  path('M84 124 h134 l-6 112 a16 16 0 0 1-16 16 H106 a16 16 0 0 1-16-16 z', toned(c.main)),
  path('M86 200 q34 -16 64 2 t64 -6 l-2 40 a16 16 0 0 1-16 16 H106 a16 16 0 0 1-16-16 z', c.soft),
  ellipse(151, 124, 67, 13, c.deep),
  ellipse(151, 126, 57, 9, '#5b3a28'),
  line('M132 98 q-10 -14 0 -26 M164 98 q-10 -14 0 -26', c.soft, 5),
];

const glassMug = (c) => [
  ground(70),
  line('M210 140 C262 138 262 214 206 212', c.soft, 12),
  path('M92 96 h124 l-8 142 a14 14 0 0 1-14 14 h-80 a14 14 0 0 1-14-14 z', glass),
  path('M96 158 h116 l-5 76 a12 12 0 0 1-12 12 h-82 a12 12 0 0 1-12-12 z', '#d9a85a'),
  faded(0.8, path('M112 96 h84 v84 q-42 26 -84 0 z', steel)),
  each(4, (row) => each(5, (at) => circle(124 + at * 15, 120 + row * 16, 2.2, darkSteel))),
  rect(88, 84, 132, 14, 7, c.main),
  circle(154, 78, 8, c.deep),
];

const scale = (c) => [
  ground(100),
  path('M142 98 h56 l-10 62 h-36 z', glass),
  path('M148 128 h44 l-6 32 h-32 z', '#6b4630'),
  rect(136, 92, 68, 10, 5, darkWood),
  path('M66 168 h188 l18 70 a12 12 0 0 1-12 14 H60 a12 12 0 0 1-12-14 z', toned(c.main)),
  rect(84, 160, 152, 14, 7, c.deep),
  rect(82, 196, 156, 34, 8, dark),
  each(3, (at) => rect(96 + at * 18, 204, 11, 18, 2, c.pop)),
  each(3, (at) => rect(170 + at * 18, 204, 11, 18, 2, c.soft)),
];

const grinder = (c) => [
  ground(54),
  line('M160 76 L250 62', darkSteel, 9),
  rect(240, 36, 20, 30, 9, toned(wood)),
  rect(122, 80, 76, 92, 12, toned(c.main)),
  rect(116, 164, 88, 20, 8, steel),
  path('M124 184 h72 v54 a14 14 0 0 1-14 14 h-44 a14 14 0 0 1-14-14 z', toned(darkWood)),
  rect(130, 70, 60, 14, 7, dark),
  each(4, (at) => rect(132 + at * 16, 96, 6, 60, 3, c.soft)),
];

const lunchbox = (c) => [
  ground(96),
  rect(66, 178, 188, 74, 20, toned(c.main)),
  rect(66, 108, 188, 70, 18, toned(c.soft)),
  rect(60, 96, 200, 26, 13, toned(c.deep)),
  rect(60, 170, 200, 12, 6, c.deep),
  rect(144, 90, 32, 164, 8, c.pop),
];

const ramenBowl = (c) => [
  ground(64),
  line('M196 124 L268 58 M208 132 L284 74', darkWood, 7),
  ellipse(160, 140, 104, 24, c.deep),
  ellipse(160, 140, 94, 19, '#e7bd76'),
  each(4, (at) => line(`M${92 + at * 20} 140 q14 -14 28 0 t28 0`, '#f7e3b0', 5)),
  ellipse(128, 138, 19, 10, paper),
  ellipse(128, 137, 9, 5, '#eea23f'),
  rect(186, 122, 26, 20, 3, '#3c5a44'),
  path('M56 142 C60 206 104 240 126 242 v10 h68 v-10 C216 240 260 206 264 142 q-104 44 -208 0 z', toned(c.main)),
  line('M66 176 q94 38 188 0', c.soft, 5),
];

const riceBowls = (c) => {
  const bowl = (x, y, colour) =>
    path(
      `M${x} ${y} h96 C${x + 94} ${y + 36} ${x + 72} ${y + 50} ${x + 66} ${y + 52} v6 h-36 v-6 C${x + 24} ${y + 50} ${x + 2} ${y + 36} ${x} ${y} z`,
      toned(colour),
    );
  return [
    ground(108),
    bowl(112, 166, c.soft),
    bowl(112, 138, c.deep),
    path('M119 138 q41 -42 82 0 z', paper),
    bowl(44, 194, c.main),
    bowl(180, 194, c.pop),
  ];
};

const apron = (c) => [
  line('M128 82 C130 36 190 36 192 82', c.deep, 8),
  line('M90 154 C60 170 58 200 66 222 M230 154 C260 170 262 200 254 222', c.deep, 7),
  path('M122 78 h76 q2 54 40 70 v98 a14 14 0 0 1-14 14 H96 a14 14 0 0 1-14-14 v-98 q38 -16 40 -70 z', toned(c.main)),
  rect(114, 176, 92, 52, 8, c.deep),
  line('M160 176 v52', c.main, 3),
  rect(144, 96, 32, 6, 3, c.soft),
];

export const kitchen = {
  kettle: pick(gooseneck, whistling),
  pot: pick(soupPot, milkPan),
  pan: pick(wok, eggPan),
  knife: pick(santoku, breadKnife),
  board,
  mug: pick(stonewareMug, glassMug),
  scale,
  grinder,
  lunchbox,
  bowl: pick(ramenBowl, riceBowls),
  apron,
};
