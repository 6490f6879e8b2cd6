/** Facts as the listener tells them apart, and their words for the log. */
import { toText } from '../../decimal/text.ts';
import { keyOf } from '../../journal/key.ts';
import { type Fact, type Fill, isCashFact } from '../../model/fact.ts';
import { instantText } from '../../model/instant.ts';

/** Null for what is no event of an account. */
export function identityOf(fact: Fact): string | null {
  if (fact.kind !== 'fill' && !isCashFact(fact)) return null;
  const { kind, id, instrument, side, leg } = keyOf(fact);
  return `${kind}|${id}|${instrument}|${side}|${leg}`;
}

/** What a venue may change of a fill. */
export const contentOf = ({ quantity, price, fees }: Fill): string =>
  JSON.stringify([
    toText(quantity),
    toText(price),
    fees?.map(({ currency, amount }) => [currency, toText(amount)]) ?? null,
  ]);

export const fillWords = (fill: Fill): string =>
  `${fill.instrument} ${fill.side} ${toText(fill.quantity)} @ ${toText(fill.price)} ` +
  `(${fill.executionId})`;

export function factWords(fact: Fact): string {
  if (fact.kind === 'fill') return fillWords(fact);
  if (!isCashFact(fact)) return fact.kind;
  const at = instantText(fact.time);
  return `${fact.kind} ${toText(fact.amount)} ${fact.currency} at ${at} (${fact.id})`;
}
