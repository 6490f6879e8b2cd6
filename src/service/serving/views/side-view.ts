/** What the book holds beside what the newest statement on record says of it. Pure. */
import { type Decimal, equals, isZero, subtract, zero } from '../../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import type { Break, LineKind, Party } from '../../../model/break.ts';
import { type Instant, instantText, millisecondsBetween } from '../../../model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../model/instrument.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import type { Statement, StatementPosition } from '../../../model/statement.ts';
import { isComplete, speaksFor } from '../../../reconcile/scope.ts';
import type { SideRow } from '../documents/account.ts';

export interface Theirs {
  readonly statement: Statement;
  readonly at: Instant;
  readonly party: Party;
  readonly breaks: readonly Break[];
  readonly now: Instant;
  /** An older statement says nothing about now. */
  readonly maxAgeMs: number;
}

export interface OursOf {
  readonly what: Extract<LineKind, 'position' | 'balance'>;
  readonly key: string;
  readonly leg: string | null;
  readonly quantity: Decimal;
  /** When a fact moved it last; null: none did. */
  readonly movedAt: Instant | null;
}

/** `theirs` null: nobody said anything, or the book is looked at as it was. */
export function sideOf(ours: OursOf, theirs: Theirs | null, told: Decimal | null): SideRow {
  const known = toText(ours.quantity);
  if (theirs === null) {
    const unknown = { theirs: null, theirsParty: null, theirsAt: null, difference: null };
    return { ours: known, ...unknown, state: 'unknown' };
  }
  return {
    ours: known,
    theirs: toTextOrNull(told),
    theirsParty: theirs.party,
    theirsAt: instantText(theirs.at),
    difference: told === null ? null : toText(subtract(told, ours.quantity)),
    state: stateOf(ours, theirs, told),
  };
}

function stateOf(ours: OursOf, theirs: Theirs, told: Decimal | null): SideRow['state'] {
  const open = theirs.breaks.find((one) => !isClosed(one) && one.lines.some(isLineOf(ours)));
  if (open !== undefined) return open.state === 'SETTLING' ? 'settling' : 'different';
  if (told === null) return 'unknown';
  // Green is fresh and equal, never one of the two.
  if (millisecondsBetween(theirs.at, theirs.now) > theirs.maxAgeMs) return 'unknown';
  if (equals(told, ours.quantity)) return 'equal';
  if (ours.movedAt === null) return 'foreign';
  // The next statement says whether it was on its way; without a break, the check let it pass.
  const isMoved = ours.movedAt > theirs.statement.asOf;
  return isMoved ? 'settling' : 'within-tolerance';
}

const isLineOf =
  ({ what, key, leg }: OursOf) =>
  (line: Break['lines'][number]): boolean =>
    line.what === what && line.key === key && (line.leg ?? 'net') === (leg ?? 'net');

/** Null: they said nothing of it. What a whole list leaves out is zero. */
export function toldBalance({ statement }: Theirs, currency: string): Decimal | null {
  const { balances } = statement;
  const item = balances?.items.find((one) => one.currency === currency);
  if (item !== undefined) return item.total;
  return isComplete(balances) && balances!.scope === null ? zero : null;
}

export function toldPosition(
  { statement }: Theirs,
  name: string,
  leg: string,
  instrument: Instrument | null,
): StatementPosition | null | 'none' {
  const { positions } = statement;
  const item = positions?.items.find((one) => one.instrument === name && one.leg === leg);
  if (item !== undefined) return item;
  const terms = instrument ?? instrumentFromName(statement.venue ?? '', name);
  const isCovered =
    terms === null ? positions?.scope === null : speaksFor(positions?.scope ?? null, terms);
  return isComplete(positions) && isCovered ? 'none' : null;
}

/** What they list, and the book holds nothing of. */
export const toldBeyond = (
  { statement }: Theirs,
  isHeld: (name: string, leg: string) => boolean,
): readonly StatementPosition[] =>
  (statement.positions?.items ?? []).filter(
    (one) => !isZero(one.quantity) && !isHeld(one.instrument, one.leg),
  );

export const balancesBeyond = ({ statement }: Theirs, isHeld: (currency: string) => boolean) =>
  (statement.balances?.items ?? []).filter(
    ({ currency, total }) => !isZero(total) && !isHeld(currency),
  );
