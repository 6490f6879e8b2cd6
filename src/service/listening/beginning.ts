/**
 * Whether a first listing reached the beginning of an account. Venues forget: what they list since
 * then has to add up to what the account holds, or it began before.
 */
import { equals, subtract, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { addMilliseconds } from '../../model/instant.ts';
import type { Statement } from '../../model/statement.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookReader } from '../reading.ts';
import { coinsHeld } from '../venue-check/known.ts';
import { asked, type Patience, rest } from './asking.ts';
import type { Following } from './following.ts';
import { isLost, isOfBeginning, lostGap, unprovenGap } from './gap-list.ts';
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
 * After a listing that came to its end. The first is judged when it is whole, until then a gap says
 * that it was not; and what was lost is lost until what the account holds says otherwise. Answers
 * what the book lacks where that was found out now; null: nothing, or nobody can say.
 */
export async function lackingAtBeginning(
  parts: BeginningParts,
  patience: Patience,
  { isFirst, isWhole }: { readonly isFirst: boolean; readonly isWhole: boolean },
): Promise<string | null> {
  const { venue, following } = parts;
  const { executions, cashFlows } = venue.capabilities;
  const forgets = executions.historyMs ?? cashFlows.historyMs;
  if (forgets === null || !executions.complete || !cashFlows.complete) return null;
  const open = following.gaps.open.filter(isOfBeginning);
  if (!isFirst && open.length === 0) return null;
  const { name, account } = venue;
  const to = addMilliseconds(patience.clock.now(), -forgets);
  const of = sectionNames.map((stream) => ({ venue: name, account, stream, from: null, to }));
  if (!isWhole) {
    if (open.length === 0) await following.openGaps(of.map(unprovenGap));
    return null;
  }
  const first = await lacking(parts, patience);
  if (first === 'nothing') await following.close(open);
  if (first === 'nothing' || first === 'not said' || open.some(isLost)) return null;
  await rest(patience.clock, settleMs, patience.signal);
  const again = await following.compare(patience);
  const second = again.why === null ? await lacking(parts, patience) : 'not said';
  if (typeof second === 'string' || second.lack !== first.lack) return null;
  await following.close(open);
  await following.openGaps(of.map(lostGap));
  return first.lack;
}

type Lacking = { readonly lack: string } | 'nothing' | 'not said';

async function lacking(
  { venue, reader, markMaxAgeMs }: BeginningParts,
  patience: Patience,
): Promise<Lacking> {
  const coins = coinsHeld(reader, venue);
  const answer = await asked(() => venue.statement({ coins }), patience);
  if (!answer.ok) return 'not said';
  const account = reader.file.accountNamed(venue.account)!;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  return lackOf(answer.value, view);
}

type Quantity = Parameters<typeof toText>[0];

interface Held {
  readonly balances: readonly { readonly currency: string; readonly total: Quantity }[];
  readonly positions: readonly {
    readonly instrument: string;
    readonly type: string;
    readonly leg: string;
    readonly quantity: Quantity;
  }[];
}

/** In both directions: what the book holds and the account does not is lacking as well. */
function lackOf({ balances, positions }: Statement, held: Held): Lacking {
  if (balances?.complete !== true || positions?.complete !== true) return 'not said';
  const coins = differing(
    balances.items.map(({ currency, total }) => [currency, total]),
    held.balances.map(({ currency, total }) => [currency, total]),
  );
  if (coins !== null) {
    const { name, theirs, ours } = coins;
    return { lack: `${toText(subtract(theirs, ours))} of ${toText(theirs)} ${name}` };
  }
  const leg = (one: Omit<Held['positions'][number], 'type'>) =>
    [`${one.instrument} ${one.leg}`, one.quantity] as const;
  // What is held of a coin stands in the balances, at the venue as in the book.
  const contracts = held.positions.filter(({ type }) => type !== 'spot');
  const legs = differing(positions.items.map(leg), contracts.map(leg));
  if (legs === null) return 'nothing';
  const [instrument] = legs.name.split(' ');
  return { lack: `a position of ${toText(legs.theirs)} in ${instrument}` };
}

type Named = readonly (readonly [name: string, quantity: Quantity])[];

/** The first that is not the same on both sides; what a whole list leaves out is zero. */
function differing(theirs: Named, ours: Named) {
  const [there, here] = [new Map(theirs), new Map(ours)];
  for (const name of new Set([...there.keys(), ...here.keys()])) {
    const pair = { name, theirs: there.get(name) ?? zero, ours: here.get(name) ?? zero };
    if (!equals(pair.theirs, pair.ours)) return pair;
  }
  return null;
}
