/**
 * A bot's own orders as its store has them, beside what the better party knows of each: one that
 * is over there and open here, one that rests there and is lost here. Silence counts where the list
 * of open orders is complete and speaks for the instrument; else nothing is known.
 */
import { type Decimal, subtract, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { counted } from '../../model/amount.ts';
import { type Line, lineId } from '../../model/break.ts';
import { isClosed } from '../../model/life-cycle.ts';
import type { StoredOrder } from '../../model/position-source.ts';
import type { StatementOrder } from '../../model/statement.ts';
import type { ExplainedCase } from '../explain.ts';
import type { ComparedLine, LineVerdict } from '../judge.ts';
import { isComplete, speaksFor } from '../scope.ts';
import type { Unknown } from '../sections.ts';
import { lostOrder } from './lost-order.ts';
import { caseOfOrder, type StoredOrdersAsked } from './order-case.ts';
import { isNamedAs, isResting, KnownOrders, type OrderFacts, youngestOf } from './order-facts.ts';
import { findingOf, whyYounger } from './order-finding.ts';
import { overwrittenOrder } from './order-overwritten.ts';
import { detailOf, OrderRows, rowKeyOf } from './order-rows.ts';
import type { Standing } from './order-standing.ts';
import type { CheckPositionsInput } from './port.ts';
import { isOwnRow, whoseRow } from './rows.ts';
import { hasSettled } from './settling.ts';
import { Symbols } from './symbols.ts';

export interface StoredOrdersChecked {
  readonly cases: readonly ExplainedCase[];
  readonly unknown: readonly Unknown[];
  verdictOf(line: Line): LineVerdict;
}

export const isOrderLine = ({ what }: Pick<Line, 'what'>): boolean => what === 'order';

export function checkStoredOrders(asked: StoredOrdersAsked): StoredOrdersChecked {
  const { input } = asked;
  const { account, snapshot, venue, truth } = input;
  const verdicts = new Map<string, LineVerdict>();
  const cases: ExplainedCase[] = [];
  const unsure = new Unsure(input);
  const rows = new OrderRows(input);
  // A table that says nothing of their state believes nothing.
  const isKept = snapshot.keeps.orderColumns?.has('status') === true;
  const stored = isKept ? storedIn(rows, input) : [];
  const lost = isKept ? lostIn(rows, asked) : [];
  const known = stored.length + lost.length === 0 ? null : new KnownOrders(truth);
  const symbols = new Symbols(venue, truth, []);
  for (const one of stored) {
    const facts = known!.of(one, symbols.candidates(one));
    const line = lineOf(one, facts, input);
    const found = judged(one, { facts, line, rows }, asked);
    verdicts.set(lineId(line), found.verdict);
    if (found.why !== null) unsure.add(found.why);
    if (found.case !== null) cases.push(found.case);
  }
  for (const why of isKept ? unplacedIn(input) : []) unsure.add(why);
  const unknown: Unknown[] = [];
  for (const theirs of lost) {
    const found = lostOrder(theirs, known!, asked);
    if (found.why !== null) unknown.push(unknownOf(input, theirs.instrument, found.why));
    if (found.case === null) continue;
    verdicts.set(lineId(found.case.lines[0]!), 'different');
    cases.push(found.case);
  }
  if (isKept && snapshot.ordersCut !== undefined) {
    const why = `more than ${snapshot.ordersCut} of them are not over: older ones are not shown`;
    unknown.push({ account, section: 'source', scope: 'orders', why, since: snapshot.takenAt });
  }
  return {
    cases,
    unknown: [...unsure.all(), ...unknown],
    verdictOf: (line) => verdicts.get(lineId(line)) ?? restOf(line, rows, input),
  };
}

/** Rows of which nothing can be said, counted by why. */
class Unsure {
  readonly #counts = new Map<string, number>();
  readonly #input: CheckPositionsInput;

  constructor(input: CheckPositionsInput) {
    this.#input = input;
  }

  add(why: string): void {
    this.#counts.set(why, (this.#counts.get(why) ?? 0) + 1);
  }

  all(): readonly Unknown[] {
    const { account, snapshot } = this.#input;
    return Array.from(this.#counts, ([why, count]): Unknown => {
      const scope = counted(count, 'order');
      return { account, section: 'source', scope, why, since: snapshot.takenAt };
    });
  }
}

const unknownOf = (
  { account, snapshot }: CheckPositionsInput,
  scope: string,
  why: string,
): Unknown => ({ account, section: 'orders', scope, why, since: snapshot.takenAt });

/** Of what is not judged now. A row that was not seen, and a list that is silent, end nothing. */
function restOf(line: Line, rows: OrderRows, input: CheckPositionsInput): LineVerdict {
  const key = rowKeyOf(line);
  const ids = { orderId: line.key, clientOrderId: line.key };
  const isOpenThere = line.theirsText?.startsWith(openText) === true;
  if (key === null) {
    const kinds = rows.about(ids).map((one) => whoseRow(input, one).kind);
    if (kinds.length === 0) return restsNot(line, input) ? 'equal' : 'unknown';
    return kinds.includes('one') ? 'equal' : 'unknown';
  }
  const row = rows.withKey(key);
  // The store was asked for it by its order: it is not there any more.
  if (row === undefined) return input.askedOrders?.has(line.key) === true ? 'equal' : 'unknown';
  const whose = whoseRow(input, row);
  if (whose.kind === 'several' || whose.kind === 'nobody') return 'unknown';
  const isAnother = whose.kind === 'other' || whose.account !== input.account;
  if (isAnother || !isNamedAs(row, ids)) return 'equal';
  // A row that is over believes nothing any more; what was lost may still rest there.
  return row.isOver && (!isOpenThere || restsNot(line, input)) ? 'equal' : 'unknown';
}

/** The list of open orders is whole, speaks for it, and does not have it. */
function restsNot({ key, instrument }: Line, { truth }: CheckPositionsInput): boolean {
  const { orders } = truth.statement;
  const known = truth.instruments.get(instrument ?? '');
  if (orders === null || !isComplete(orders) || known === undefined) return false;
  const ids = { orderId: key, clientOrderId: key };
  const isListed = orders.items.some((one) => isResting(one) && isNamedAs(one, ids));
  return speaksFor(orders.scope, known) && !isListed;
}

/** Ids by which rows are asked for that the snapshot need not show, of breaks that are open. */
export function orderIdsAsked({ known, account }: CheckPositionsInput): ReadonlySet<string> {
  const open = known.filter((one) => one.account === account && !isClosed(one));
  return new Set(
    open.flatMap(({ lines }) =>
      lines.flatMap((line) => (isOrderLine(line) && line.oursParty === 'source' ? [line.key] : [])),
    ),
  );
}

/** Open at the venue, and shown by no row of the snapshot: an older row may be about it. */
export function unshownOrders({ truth, snapshot }: CheckPositionsInput): readonly StatementOrder[] {
  const isKept = snapshot.keeps.orderColumns?.has('status') === true;
  const open = (truth.statement.orders?.items ?? []).filter(isResting);
  if (!isKept || open.length === 0) return [];
  return open.filter((one) => !snapshot.orders.some((each) => isNamedAs(each, one)));
}

/** Of this account: those that are open by the store, and those that only the store has closed. */
function storedIn(rows: OrderRows, input: CheckPositionsInput): readonly StoredOrder[] {
  const open = (input.truth.statement.orders?.items ?? []).filter(isResting);
  const resting = new Set(open.flatMap((each) => rows.about(each).map(({ id }) => id)));
  return rows.all.filter((one) => isOwnRow(input, one) && (!one.isOver || resting.has(one.id)));
}

/** Why open orders cannot be held against this account, each: whose they are is not certain. */
function unplacedIn(input: CheckPositionsInput): readonly string[] {
  const { account, accounts, snapshot } = input;
  const isFirst = (accounts?.asked[0]?.account ?? account) === account;
  return snapshot.orders.flatMap((one) => {
    const whose = one.isOver ? null : whoseRow(input, one);
    if (whose?.kind === 'several' && whose.accounts.includes(account)) return [whose.why];
    const isNobodys = whose?.kind === 'nobody' && isFirst;
    return isNobodys ? [`the book has no account of ${one.exchange}`] : [];
  });
}

/**
 * Open there under an id of the bot, and in no row, whosever that would be. A bot that keeps no
 * orders lost none.
 */
function lostIn(rows: OrderRows, { input, own }: StoredOrdersAsked): readonly StatementOrder[] {
  const { snapshot, truth, addedOrders } = input;
  if (snapshot.counts.orders <= (addedOrders?.size ?? 0)) return [];
  const open = (truth.statement.orders?.items ?? []).filter(isResting);
  return open.filter((one) => own.has(one) && rows.about(one).length === 0);
}

/** Of one that rests on both sides what is filled is compared; else its state is. */
function lineOf(one: StoredOrder, facts: OrderFacts | null, { truth }: CheckPositionsInput): Line {
  const standing = facts?.standing ?? null;
  const filled = standing === null || standing.kind === 'unknown' ? null : standing.filled;
  const name: OrderName = {
    ...{ what: 'order', key: one.orderId ?? one.clientOrderId ?? one.id },
    ...{ instrument: facts?.instrument.name ?? one.symbol, leg: null, detail: detailOf(one) },
    ...{ oursParty: 'source', theirsParty: truth.party, tolerance: zero },
  };
  if (standing?.kind === 'open' && !one.isOver) {
    const isKnown = one.filled !== null && filled !== null;
    const difference = isKnown ? subtract(filled, one.filled) : null;
    const texts = { oursText: one.statusText, theirsText: openText };
    return { ...name, ours: one.filled, theirs: filled, ...texts, difference };
  }
  const state = standing === null ? null : stateOf(standing);
  return {
    ...{ ...name, ours: null, oursText: withFilled(one.statusText, one.filled) },
    ...{ theirs: null, theirsText: withFilled(state, filled), difference: null },
  };
}

type OrderName = Omit<Line, 'ours' | 'oursText' | 'theirs' | 'theirsText' | 'difference'>;

const openText = 'open';

function stateOf(standing: Standing): string | null {
  if (standing.kind === 'final') return standing.status;
  return standing.kind === 'open' ? openText : standing.kind === 'gone' ? 'not open' : null;
}

const withFilled = (state: string | null, filled: Decimal | null): string | null =>
  state === null || filled === null ? state : `${state}, ${toText(filled)} executed`;

interface Judged {
  readonly verdict: LineVerdict;
  readonly why: string | null;
  readonly case: ExplainedCase | null;
}

interface Judging {
  readonly facts: OrderFacts | null;
  readonly line: Line;
  readonly rows: OrderRows;
}

function judged(
  one: StoredOrder,
  { facts, line, rows }: Judging,
  { input, seen }: StoredOrdersAsked,
): Judged {
  const unknown = (why: string): Judged => ({ verdict: 'unknown', why, case: null });
  if (one.orderId === null && one.clientOrderId === null) return unknown('no id of them is stored');
  if (facts === null) return unknown('their symbols fit no instrument, or several');
  const { standing } = facts;
  if (standing.kind === 'unknown') return unknown(standing.why);
  const found = findingOf(one, facts, rows, input);
  if (found === null) return { verdict: 'equal', why: null, case: null };
  const younger = whyYounger(one, facts, input);
  if (younger !== null) return unknown(younger);
  const youngest = youngestOf([facts.youngest, one.updatedAt, one.createdAt]);
  const compared: ComparedLine = { ...line, verdict: 'different', youngest, value: null };
  const settled = hasSettled(compared, [], youngest, seen, input);
  const last: ComparedLine = settled ? compared : { ...compared, verdict: 'settling' };
  const overwritten = overwrittenOrder(one, found, input.snapshot);
  return {
    ...{ verdict: last.verdict, why: null },
    case: caseOfOrder(input.account, last, overwritten ?? found, facts),
  };
}
