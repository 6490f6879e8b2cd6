/** Whose the positions of an account are: the bot's are those that an order of the bot opened. */
import type { HeldPosition } from '../../exits/facts.ts';
import { placeKey } from '../../exits/plan.ts';
import type { Fill } from '../../model/fact.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookReader } from '../reading.ts';

/** `begins`: how the client order ids of the bot begin; none: everything is the bot's. */
export function ownedBy(
  reader: BookReader,
  account: Account,
  held: readonly HeldPosition[],
  begins: readonly string[],
): readonly HeldPosition[] {
  if (begins.length === 0) return held;
  const openers = new Map<string, Fill[]>();
  const openedAt = new Map(held.map((one) => [placeKey(one), one.openedAt]));
  for (const { fact } of reader.factsInForce(account)) {
    if (fact.kind !== 'fill' || openedAt.get(placeKey(fact)) !== fact.time) continue;
    openers.set(placeKey(fact), [...(openers.get(placeKey(fact)) ?? []), fact]);
  }
  const isOwn = ({ clientOrderId }: Fill) =>
    begins.some((begin) => clientOrderId?.startsWith(begin) === true);
  return held.map((one) => {
    const fills = openers.get(placeKey(one)) ?? [];
    return { ...one, isOurs: fills.length > 0 && fills.every(isOwn) };
  });
}
