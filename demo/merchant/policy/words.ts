/** A policy's conditions and actions as sentences. */
import type { Action, Condition, LocalText, Policy, Rule } from 'aftersense';
import { type Child, h } from '../../app/html.ts';
import { language, percent, t } from '../../app/language.ts';
import type { StringKey } from '../../app/strings.ts';
import { aspectName, entityName, remedyName } from '../../cases/words.ts';
import { say, sayId } from '../language.ts';

type OrderFact = keyof NonNullable<Condition['order']>;
type CustomerFact = keyof NonNullable<Condition['customer']>;
interface Range {
  readonly min?: number;
  readonly max?: number;
}

const wordsShown = 6;

const or = (names: readonly string[]): string => names.join(say('or'));
const named = (prefix: 'emotion' | 'intent', ids: readonly string[]): string => or(ids.map((id) => t(`${prefix}_${id}` as StringKey)));
const tones = (labels: readonly ('positive' | 'neutral' | 'negative')[]): string => or(labels.map((label) => t(label)));

/** A sentence in the page's language, or in the one it has. */
export function localText(text: LocalText | undefined): string {
  return text?.[language()] ?? text?.en ?? text?.zh ?? '';
}

export const skillName = (policy: Policy, skill: string): string => localText(policy.skills[skill]) || skill;

const surely = (min: number | undefined): string => (min === undefined ? '' : say('surely', { percent: percent(min) }));

function rangeText({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return say('range', { min, max });
  return min !== undefined ? say('atLeast', { min }) : say('atMost', { max: max ?? '' });
}

/** The readings that a condition asks for, a sentence each. */
function readingLines({ sentiment, aspect, emotion, intent, urgency, escalate, entity, language: languages }: Condition): Child[] {
  return [
    sentiment && say('whenSentiment', { labels: tones(sentiment.is) }) + surely(sentiment.min),
    aspect &&
      say(aspect.polarity ? 'whenAspectPolarity' : 'whenAspect', {
        aspects: aspect.is ? or(aspect.is.map(aspectName)) : say('anything'),
        labels: tones(aspect.polarity ?? []),
      }) + surely(aspect.min),
    emotion && say('whenEmotion', { emotions: named('emotion', emotion.is) }) + surely(emotion.min),
    intent?.is && say('whenIntent', { intents: named('intent', intent.is) }) + surely(intent.min),
    intent?.detail && say('whenDetail', { details: or(intent.detail) }),
    urgency && say('whenUrgency', { levels: or(urgency.is) }) + surely(urgency.min),
    escalate && say('whenEscalate') + surely(escalate.min),
    entity && say('whenEntity', { entities: or(entity.is.map(entityName)) }),
    languages && say('whenLanguage', { languages: or(languages.map((each) => sayId('language', each))) }),
  ];
}

function wordsLine(words: readonly string[] | undefined): Child {
  if (words === undefined) return null;
  const chips = (list: readonly string[]) => list.map((word) => h('span', { class: 'chip' }, word));
  const rest = words.slice(wordsShown);
  return [
    say('whenWords'),
    h(
      'span',
      { class: 'word-chips' },
      chips(words.slice(0, wordsShown)),
      rest.length > 0 &&
        h('details', {}, h('summary', {}, say('moreWords', { count: rest.length })), h('span', { class: 'word-chips' }, chips(rest))),
    ),
  ];
}

function factLines({ order = {}, customer = {} }: Condition): Child[] {
  const line = (name: string, value: readonly string[] | Range | undefined) =>
    value && `${sayId('fact', name)} ${Array.isArray(value) ? or(value as readonly string[]) : rangeText(value as Range)}`;
  const orderFacts = ['value', 'currency', 'status', 'daysSinceDelivery', 'warrantyDaysLeft'] as const satisfies readonly OrderFact[];
  const customerFacts = ['tier', 'pastContacts', 'pastReturns'] as const satisfies readonly CustomerFact[];
  return [
    ...orderFacts.map((name) => line(`order.${name}`, order[name])),
    ...customerFacts.map((name) => line(`customer.${name}`, customer[name])),
  ];
}

const nested = (title: string, conditions: readonly Condition[]): Child => [
  title,
  h(
    'ul',
    { class: 'conditions' },
    conditions.map((each) => {
      const lines = conditionLines(each);
      return h(
        'li',
        {},
        lines.length === 1
          ? lines
          : h(
              'ul',
              { class: 'conditions' },
              lines.map((line) => h('li', {}, line)),
            ),
      );
    }),
  ),
];

/** What has to hold, each of it. */
export function conditionLines(condition: Condition): readonly Child[] {
  const lines = [
    ...readingLines(condition),
    wordsLine(condition.words),
    ...factLines(condition),
    condition.all && nested(say('whenAll'), condition.all),
    condition.any && nested(say('whenAny'), condition.any),
    condition.not && nested(say('whenNot'), [condition.not]),
  ].filter(Boolean);
  return lines.length > 0 ? lines : [say('whenAlways')];
}

/** `Refund 100 %, after the item is back` */
export function actionText(action: Action): string {
  const details = [
    'percent' in action && action.percent !== undefined && say('actionPercent', { percent: action.percent }),
    'returnItem' in action && action.returnItem && say('actionReturn'),
    'express' in action && action.express && say('actionExpress'),
    'pickUp' in action && action.pickUp && say('actionPickUp'),
    'validDays' in action && action.validDays !== undefined && say('actionValid', { days: action.validDays }),
    'withinHours' in action && action.withinHours !== undefined && say('actionWithin', { hours: action.withinHours }),
  ].filter((text): text is string => typeof text === 'string');
  return [remedyName(action.kind), ...details].join(t('listComma'));
}

export function thenLines(policy: Policy, { route, priority, skill, actions = [], stop }: Rule['then']): readonly string[] {
  return [
    route && say(`route_${route}`),
    priority && say('thenPriority', { priority, urgency: t(`urgency_${priority}`) }),
    skill && say('thenSkill', { skill: skillName(policy, skill) }),
    ...actions.map((name) => {
      const action = policy.actions?.[name];
      return action ? actionText(action) : name;
    }),
    stop && say('thenStop'),
  ].filter((text): text is string => typeof text === 'string');
}
