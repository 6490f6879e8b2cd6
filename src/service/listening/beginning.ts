/**
 * Whether a first listing reached the beginning of an account. Venues forget: what they list since
 * then has to add up to what the account holds, or it began before.
 */
import { equals, isZero, subtract } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { addMilliseconds } from '../../model/instant.ts';
import type { Statement } from '../../model/statement.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookReader } from '../reading.ts';
import { asked, type Patience, rest } from './asking.ts';
import type { Following } from './following.ts';
import { lostGap } from './gap-list.ts';
import { sectionNames } from './listing.ts';

export interface BeginningParts {
  readonly venue: Venue;
  readonly following: Following;
  readonly reader: BookReader;
  readonly markMaxAgeMs: number;
}

/** Longer than a venue takes to list what happened. */
const settleMs = 15_000;

/** Whether nothing was listed to its end yet, and all that the venue remembers is wanted. */
export const isFirstListing = ({ following }: BeginningParts): boolean =>
  sectionNames.some((section) => {
    const { cursor, since, unfinished } = following.feed(section);
    return since === null && (cursor === null || unfinished);
  });

/**
 * After a first listing that came to its end: what the book lacks of what the account holds, and
 * of what the venue forgot a gap that stays; null: nothing, or nobody can say. It lacks the same at
 * two moments: what only moved in between does not count.
 */
export async function lackingAtBeginning(
  parts: BeginningParts,
  patience: Patience,
): Promise<string | null> {
  const { venue, following } = parts;
  const { executions, cashFlows } = venue.capabilities;
  const forgets = executions.historyMs ?? cashFlows.historyMs;
  if (forgets === null || !executions.complete || !cashFlows.complete) return null;
  const first = await lacking(parts, patience);
  if (first === null) return null;
  await rest(patience.clock, settleMs, patience.signal);
  const again = await following.compare(patience);
  if (again.why !== null || (await lacking(parts, patience)) !== first) return null;
  const to = addMilliseconds(patience.clock.now(), -forgets);
  const { name, account } = venue;
  const gaps = sectionNames.map((stream) =>
    lostGap({ venue: name, account, stream, from: null, to }),
  );
  await following.take([], gaps);
  return first;
}

async function lacking(
  { venue, reader, markMaxAgeMs }: BeginningParts,
  patience: Patience,
): Promise<string | null> {
  const answer = await asked(() => venue.statement(), patience);
  if (!answer.ok) return null;
  const account = reader.file.accountNamed(venue.account)!;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  return lackOf(answer.value, view);
}

type Quantity = Parameters<typeof toText>[0];

interface Held {
  readonly balances: readonly { readonly currency: string; readonly total: Quantity }[];
  readonly positions: readonly {
    readonly instrument: string;
    readonly leg: string;
    readonly quantity: Quantity;
  }[];
}

/** Null: nothing, or the statement does not say. */
function lackOf({ balances, positions }: Statement, held: Held): string | null {
  if (balances?.complete !== true || positions?.complete !== true) return null;
  const coins = new Map(held.balances.map((one) => [one.currency, one.total]));
  for (const { currency, total } of balances.items) {
    const ours = coins.get(currency) ?? null;
    if (ours === null ? isZero(total) : equals(ours, total)) continue;
    const lack = ours === null ? total : subtract(total, ours);
    return `${toText(lack)} of ${toText(total)} ${currency}`;
  }
  const legs = new Map(held.positions.map((one) => [`${one.instrument} ${one.leg}`, one.quantity]));
  for (const { instrument, leg, quantity } of positions.items) {
    const ours = legs.get(`${instrument} ${leg}`) ?? null;
    if (ours === null ? isZero(quantity) : equals(ours, quantity)) continue;
    return `a position of ${toText(quantity)} in ${instrument}`;
  }
  return null;
}
