import type { Aspect } from './types.ts';

/** All of them. */
export const aspects = [
  'product_quality',
  'performance',
  'as_described',
  'packaging',
  'logistics',
  'price',
  'customer_service',
  'refund_return',
  'warranty_repair',
  'usability',
  'payment_account',
  'other',
] as const satisfies readonly Aspect[];
