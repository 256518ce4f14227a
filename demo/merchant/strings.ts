/** Every sentence of the merchant's page that the shop does not have, in both languages. */
import { zh } from './chinese.ts';
import { en } from './english.ts';

export type MerchantKey = keyof typeof en;

export const strings = { en, zh };
