/** Digests of values: names that are functions of what they name. */
import { createHash } from 'node:crypto';

/** Values whose JSON text is one text: arrays, texts and numbers, or members in a fixed order. */
export const sha256Of = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** 80 bits: enough for all the repairs of one account. */
export const digestOf = (value: unknown): string => sha256Of(value).slice(0, 20);
