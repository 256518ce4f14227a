/** Reasons in words, for the people of the shop. */
import type { ForesightReason } from './types.ts';

type Text = ForesightReason['text'];

/** Features that every shop may have; others are called by their columns. */
const names: Readonly<Record<string, Text>> = {
  product_id: { zh: '商品', en: 'product' },
  category: { zh: '品类', en: 'category' },
  price: { zh: '价格', en: 'price' },
  days_late: { zh: '送达晚于承诺的天数', en: 'days after the promised date' },
  delivery_days: { zh: '配送天数', en: 'days until delivery' },
  faq_visits: { zh: '查看常见问题的次数', en: 'visits to the FAQ' },
  size_switches: { zh: '换尺码的次数', en: 'changes of size' },
  past_orders: { zh: '以往订单数', en: 'earlier orders' },
  past_returns: { zh: '以往退货数', en: 'earlier returns' },
};

/** Below this the effect is not worth a direction: a tenth of a percent of the odds. */
const negligible = 1e-3;

const nameOf = (feature: string): Text => (Object.hasOwn(names, feature) ? (names[feature] as Text) : { zh: feature, en: feature });

function effect(contribution: number): Text {
  if (Math.abs(contribution) < negligible) return { zh: '几乎不影响风险', en: 'hardly changes the risk' };
  return contribution > 0 ? { zh: '提高风险', en: 'raises the risk' } : { zh: '降低风险', en: 'lowers the risk' };
}

const round = (value: number): string => String(Math.round(value * 100) / 100);
const percent = (rate: number): string => `${(100 * rate).toFixed(1)}%`;

/** The `value` of a feature of kind number. */
export function numberText(feature: string, value: number | undefined, contribution: number): Text {
  const name = nameOf(feature);
  const does = effect(contribution);
  const said = value === undefined ? { zh: '未知', en: 'not known' } : { zh: round(value), en: round(value) };
  return { zh: `${name.zh}：${said.zh}，${does.zh}`, en: `${name.en}: ${said.en}; ${does.en}` };
}

/** The rate of a value, shrunk as it was learnt, beside the one expected without it. `rate` is undefined where the history has none. */
export function historyText(feature: string, value: string, rate: number | undefined, expected: number, contribution: number): Text {
  const name = nameOf(feature);
  const does = effect(contribution);
  const [zh, en] = value === '' ? ['未知', 'not known'] : [value, value];
  if (rate === undefined)
    return { zh: `${name.zh}：${zh}，历史数据不足，按一般情况估计`, en: `${name.en}: ${en}; too little history, taken as usual` };
  return {
    zh: `${name.zh}：${zh}，出现问题 ${percent(rate)}（通常 ${percent(expected)}），${does.zh}`,
    en: `${name.en}: ${en}; problems in ${percent(rate)} of orders (${percent(expected)} expected); ${does.en}`,
  };
}
