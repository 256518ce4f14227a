/** Set at build time from package.json, the only place where the version is written. */
declare const AFTERSENSE_VERSION: string;

export const version: string = AFTERSENSE_VERSION;
