/**
 * Client order ids of exits. They follow from the position and its phase alone: a process that
 * starts again finds its order by the name that it would give it.
 */
import type { Leg } from '../model/fact.ts';
import { type Instant, instantText } from '../model/instant.ts';

const prefix = 'tux-';

/** Nothing but letters, digits and hyphens, and at most 36 of them: what venues take. */
export const exitStem = (position: string, step: string): string =>
  `${prefix}${tagOf(position)}-${step}`;

/** What was tried before under the stem ended, and its name is spent. */
export const exitOrderId = (stem: string, attempt: number): string => `${stem}-${attempt}`;

export const isExitOrderId = (clientOrderId: string | null): boolean =>
  clientOrderId?.startsWith(prefix) === true;

/** One position from its opening until it is flat. */
export const positionKey = (instrument: string, leg: Leg, openedAt: Instant): string =>
  `${instrument}|${leg}|${instantText(openedAt)}`;

/** FNV-1a of 64 bits, in base 36: 13 letters and digits at most. */
function tagOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(36);
}
