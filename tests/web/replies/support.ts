/** What the tests of replies share: answers made to order, and a desk whose embedding counts words. */

import type { ReplierDesk } from '../../../web/replies/replier.ts';
import type { Answer, Openings } from '../../../web/replies/types.ts';
import { termsOf } from '../../../web/replies/words.ts';
import type { Analysis, ModelInfo } from '../../../web/types.ts';
import { analysisOf } from '../desk/support.ts';

export const answerOf = (made: Partial<Answer> = {}): Answer => ({
  id: 'where',
  topic: 'logistics',
  intent: 'track_order',
  tone: 'neutral',
  zh: '订单{order_id}由{carrier}承运。',
  en: 'Order {order_id} is with {carrier}.',
  slots: ['order_id', 'carrier'],
  questions: { zh: ['我的包裹到哪了'], en: ['where is my parcel'] },
  ...made,
});

export const refund = answerOf({
  id: 'refund',
  topic: 'refund',
  intent: 'refund_time',
  tone: 'apologetic',
  zh: '抱歉，退款已原路返回。',
  en: 'Sorry for the wait: the refund was sent.',
  slots: [],
  questions: { zh: ['退款怎么还没到账'], en: ['my refund has not come'] },
});

export const thanks = answerOf({
  id: 'thanks',
  topic: 'courtesy',
  intent: 'thanks',
  tone: 'warm',
  zh: '不客气！',
  en: 'You are welcome!',
  slots: [],
  questions: { zh: ['谢谢你们'], en: ['thank you'] },
});

export const openings: Openings = {
  angry: { zh: '实在对不起。', en: 'I am truly sorry.' },
  anxious: { zh: '您先别着急。', en: "Please don't worry." },
};

export const baseModel: ModelInfo = { name: 'base', version: '1', tier: 'base', bytes: 1 };

/** Words hashed into places: like texts have like vectors. Chinese and English words of one meaning share a place. */
const meanings: Readonly<Record<string, string>> = { 退款: 'refund', 包裹: 'parcel', 谢谢: 'thank' };

export function vectorOf(text: string): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(384);
  for (const term of termsOf(text)) {
    const word = meanings[term] ?? term;
    const place = [...word].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 128, 7);
    vector[place] = (vector[place] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

export interface FakeDesk extends ReplierDesk {
  model: ModelInfo | null;
  readonly embedded: string[];
}

export function deskWith(analysis: Partial<Analysis> = {}, model: ModelInfo | null = baseModel): FakeDesk {
  const embedded: string[] = [];
  return {
    model,
    embedded,
    analyze: async (text): Promise<Analysis> => ({ ...analysisOf({ language: /\p{Script=Han}/u.test(text) ? 'zh' : 'en' }), ...analysis }),
    async embed(texts) {
      embedded.push(...texts);
      return texts.map(vectorOf);
    },
    base() {
      return this.model ?? undefined;
    },
    async ready() {
      if (!this.model) throw new Error('no base');
      return this.model ?? undefined;
    },
  };
}
