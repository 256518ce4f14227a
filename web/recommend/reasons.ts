/** Why a product is recommended: what each method adds to its rank, in words. */
import { rulesFor, type Scores } from './scores.ts';
import { type History, type HistoryReason, type Interactions, type RecommendMethod, recommendMethods } from './types.ts';

type Text = HistoryReason['text'];
type TitleOf = (id: string) => string;

const listed = (ids: readonly string[], titleOf: TitleOf): Text => ({
  zh: ids.map((id) => `“${titleOf(id)}”`).join('和'),
  en: ids.map((id) => `“${titleOf(id)}”`).join(' and '),
});

const percent = (share: number): string => `${Math.round(100 * share)}%`;

function textOf(method: RecommendMethod, because: readonly string[], score: number, titleOf: TitleOf): Text {
  const { zh, en } = listed(because, titleOf);
  switch (method) {
    case 'popularity':
      return { zh: '近期热销', en: 'popular lately' };
    case 'neighbours':
      return { zh: `买过${zh}的顾客也常买`, en: `customers of ${en} often buy it` };
    case 'rules':
      return { zh: `买${zh}的订单中有 ${percent(score)} 也买它`, en: `in ${percent(score)} of the orders with ${en}` };
    case 'factors':
      return { zh: '与您口味相近的顾客会买', en: 'bought by customers with a taste like yours' };
    case 'themes':
      return { zh: '与您常买的一类商品相符', en: 'of the kind that you usually buy' };
    default:
      return method satisfies never;
  }
}

/** The product of the history that adds most to a score by neighbours. */
function nearestOf(interactions: Interactions, history: History, id: string): string[] {
  let best: readonly [string, number] | undefined;
  for (const [own, weight] of history) {
    const found = interactions.products[interactions.at.get(own) ?? -1]?.neighbours.find(([near]) => near === id);
    if (found && weight * found[1] > (best?.[1] ?? 0)) best = [own, weight * found[1]];
  }
  return best ? [best[0]] : [];
}

/** Reasons of one product; what they add sums to its rank. */
export function reasonsOf(
  interactions: Interactions,
  history: History,
  scores: Scores,
  contributions: Scores,
  id: string,
  titleOf: TitleOf = (each) => each,
): HistoryReason[] {
  const place = interactions.at.get(id) as number;
  const reasons = recommendMethods.map((method): HistoryReason => {
    const score = scores[method][place] as number;
    const contribution = contributions[method][place] as number;
    let because: readonly string[] = [];
    if (contribution > 0 && method === 'neighbours') because = nearestOf(interactions, history, id);
    if (contribution > 0 && method === 'rules')
      because = rulesFor(interactions, history).find(({ also, confidence }) => also === id && confidence === score)?.if ?? [];
    return { method, score, contribution, because, text: textOf(method, because, score, titleOf) };
  });
  return reasons.filter(({ contribution }) => contribution > 0).sort((a, b) => b.contribution - a.contribution);
}
