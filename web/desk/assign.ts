/** Who takes a decided case: the agents who can, best first, or the queue of its skill. */
import { checkString, checkStrings } from '../checks.ts';
import { AftersenseError } from '../errors.ts';
import { timeOf } from './facts.ts';
import { openingTest } from './hours.ts';
import type { Agent, AgentAssessment, Assignment, AssignmentReason, DateLike, Decision, Locale } from './types.ts';

const invalid = (message: string) => new AftersenseError('invalid_argument', message);

function checkAgent(agent: unknown, name: string): asserts agent is Agent {
  if (typeof agent !== 'object' || agent === null) throw invalid(`${name} must be an object.`);
  const { id, skills, languages, load, capacity } = agent as Partial<Agent>;
  checkString(id, `${name}.id`);
  checkStrings(skills, `${name}.skills`);
  checkStrings(languages, `${name}.languages`);
  for (const [field, value] of Object.entries({ load, capacity }))
    if (typeof value !== 'number' || !(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw invalid(`${name}.${field} must be a number from 0 up, not ${String(value)}.`);
}

/** Whether the agent has what is asked for, by code. */
interface Fit {
  readonly agent: Agent;
  readonly fits: Readonly<Record<'skill' | 'language' | 'hours' | 'capacity', boolean>>;
}

/** The word before a region: `zh` of `zh-CN`. */
const primary = (language: string) => language.toLowerCase().split('-')[0];

function assess(agent: Agent, decision: Decision, isOpen: boolean): Fit {
  const { skill, language } = decision;
  return {
    agent,
    fits: {
      skill: agent.skills.includes(skill),
      // Of another language it is not known which one: anybody may try.
      language: language === 'other' || agent.languages.some((spoken) => primary(spoken) === language),
      hours: isOpen,
      capacity: agent.load < agent.capacity,
    },
  };
}

const sentences = {
  skill: { true: { zh: '具备所需技能', en: 'has the skill' }, false: { zh: '不具备所需技能', en: 'lacks the skill' } },
  language: {
    true: { zh: '会说买家的语言', en: 'speaks the language' },
    false: { zh: '不会说买家的语言', en: 'does not speak the language' },
  },
  hours: { true: { zh: '在班', en: 'is on duty' }, false: { zh: '不在班', en: 'is off duty' } },
  capacity: { true: { zh: '还有空位', en: 'has room' }, false: { zh: '已满', en: 'is full' } },
} as const;

const codes = ['skill', 'language', 'hours', 'capacity'] as const;

function reasonsOf(fits: Fit['fits'], wanted: boolean, locale: Locale): AssignmentReason[] {
  return codes.filter((code) => fits[code] === wanted).map((code) => ({ code, text: sentences[code][`${wanted}`][locale] }));
}

function ranked({ agent, fits }: Fit, locale: Locale): AgentAssessment {
  const { load, capacity } = agent;
  const text = locale === 'zh' ? `手头 ${load} 件，上限 ${capacity} 件` : `has ${load} of ${capacity} cases`;
  return { id: agent.id, reasons: [...reasonsOf(fits, true, locale), { code: 'load', text }] };
}

/** By share of capacity in use; then those of fewer skills, so that the versatile stay free; then by id. */
function compare({ agent: a }: Fit, { agent: b }: Fit): number {
  return a.load / a.capacity - b.load / b.capacity || new Set(a.skills).size - new Set(b.skills).size || (a.id < b.id ? -1 : 1);
}

/**
 * The same arguments give the same assignment, whatever the order of the agents. It goes by skill, language, hours and load alone; the
 * customer's tier counts only where a rule of the policy made a skill or priority of it.
 * Errors: invalid_argument.
 */
export function assign(
  decision: Decision,
  agents: readonly Agent[],
  now: DateLike,
  options: { readonly locale?: Locale } = {},
): Assignment {
  checkString(decision?.skill, 'decision.skill');
  if (!Array.isArray(agents)) throw invalid('agents must be an array.');
  const time = timeOf(now, 'now');
  const ids = new Set<string>();
  const fitting = agents.map((agent: unknown, i) => {
    checkAgent(agent, `agents[${i}]`);
    if (ids.has(agent.id)) throw invalid(`agents[${i}].id is that of another agent: ${agent.id}.`);
    ids.add(agent.id);
    return assess(agent, decision, agent.hours === undefined || openingTest(agent.hours, `agents[${i}].hours`)(time));
  });
  const locale = options.locale ?? (decision.language === 'zh' ? 'zh' : 'en');
  const can = ({ fits }: Fit) => codes.every((code) => fits[code]);
  const best = fitting.filter(can).sort(compare);
  const others = fitting.filter((one) => !can(one)).sort((a, b) => (a.agent.id < b.agent.id ? -1 : 1));
  const refused = others.map(({ agent, fits }) => ({ id: agent.id, reasons: reasonsOf(fits, false, locale) }));
  const [first] = best;
  if (!first) return { status: 'queued', queue: decision.skill, ranked: [], refused };
  return {
    status: 'assigned',
    agent: first.agent.id,
    queue: decision.skill,
    ranked: best.map((one) => ranked(one, locale)),
    refused,
  };
}
