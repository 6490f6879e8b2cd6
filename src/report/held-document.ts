/** The JSON documents of `snooze` and `accept`: what is held now, or what came back. */
import { toTextOrNull } from '../decimal/text.ts';
import type { Break } from '../model/break.ts';
import { holdJson, type JsonObject } from './check-document.ts';

export const heldDocument = (
  word: 'snooze' | 'accept',
  { name, currency }: { readonly name: string; readonly currency: string },
  breaks: readonly Break[],
): JsonObject => ({
  schema: `trueup.${word}/1`,
  account: name,
  currency,
  breaks: breaks.map(({ id, reason, state, gross, hold }) => ({
    ...{ id, reason, state, gross: toTextOrNull(gross) },
    hold: hold === null ? null : holdJson(hold),
  })),
});
