/** What the sample shoppers write, by what it is about. Made up for this page. */
import type { Aspect } from 'aftersense';

export const sampleTexts: Readonly<Partial<Record<Aspect, readonly string[]>>> = {
  product_quality: [
    'The lid cracked the first time I poured hot water in. I expected better for the price.',
    '用了三天手柄就松了，晃得厉害，不敢再用。',
    'The seam came apart after two washes. Please send me one that holds.',
    '底部有一道裂纹，装水会渗。',
    'The finish is peeling off on one side, after a week on the shelf.',
  ],
  performance: [
    'It stops after ten minutes and has to cool down before it starts again.',
    '加热特别慢，十分钟水还是温的，和宣传的差太远。',
    'The lamp flickers on its lowest setting.',
  ],
  as_described: [
    'The page says dark green; what came is closer to grey.',
    '尺寸和页面写的不一样，小了整整一圈。',
    'I ordered the set of four and found three in the box.',
  ],
  packaging: [
    'The box was soaked through and the corner of the board is swollen.',
    '外箱压扁了，里面一点缓冲都没有。',
    'No padding at all: two of the cups arrived in pieces.',
  ],
  logistics: [
    'My parcel has been standing in the same depot for six days. Nobody can tell me why.',
    '物流五天没有更新了，东西到底在哪里？',
    'The courier marked it as delivered, but nothing is at my door.',
    '说好 48 小时送达，已经一个星期了还没到。',
    'It was promised for Friday and it is a birthday present. Now it is Tuesday.',
    '快递把包裹放错了地址，联系站点没人接。',
  ],
  customer_service: [
    'I wrote three times and got the same ready-made answer each time.',
    '客服让我等，等了两天也没有人回复。',
    'The chat was closed while I was still typing.',
  ],
  refund_return: [
    'I sent it back two weeks ago and still wait for my money.',
    '退货签收一个星期了，退款一直没有到账。',
    'The return label does not work at the post office.',
  ],
  warranty_repair: [
    'It is within the two years, and the spare part has been on its way for a month.',
    '保修期内坏了，问了两次都说配件缺货。',
  ],
  payment_account: ['I was charged twice for the same order.', '付款成功了，订单却显示未支付。'],
};
