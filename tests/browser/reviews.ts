/** Reviews the browser tests type, with the judgement a reader would give. */
export const reviews = [
  {
    language: 'en',
    label: 'positive',
    text: 'The kettle pours beautifully and feels solid in the hand. Very happy with it, I would buy it again.',
  },
  {
    language: 'en',
    label: 'negative',
    text: 'It leaked after one week and nobody answered my emails. Terrible quality, I am very disappointed.',
  },
  { language: 'zh', label: 'positive', text: '做工很精致，出水均匀，手感也好，非常满意，推荐大家购买！' },
  { language: 'zh', label: 'negative', text: '用了一个星期就漏水了，质量太差，客服也不理人，非常失望。' },
] as const;

export const praise = { en: reviews[0].text, zh: reviews[2].text };
export const complaint = { en: reviews[1].text, zh: reviews[3].text };
