/** Balances, positions and orders of the book beside those of a statement. Pure. */
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import { instantTextOrNull } from '../../../model/instant.ts';
import type { Statement, StatementOrder } from '../../../model/statement.ts';
import type { BookOrder } from '../../../reconcile/book-side.ts';
import { linesOfGap, type OrderGap } from '../../../reconcile/gap.ts';
import type { ComparedLine } from '../../../reconcile/judge.ts';
import type { SidePair } from '../documents/sides.ts';
import { type ComparedSides, type MadePair, plainPair, said } from './side-pair.ts';

type State = SidePair['state'];

/** Balances, positions and their average prices. */
export function heldPairs({
  comparison,
  statement,
  wasComplete,
}: ComparedSides): readonly MadePair[] {
  const listed = listedIn(statement);
  const ours = comparison.lines.filter(({ what }) => what !== 'order');
  const foreign = comparison.foreign.map((line): MadePair => {
    // Where nothing was unknown to the check, lists that are not kept said whose it is.
    const isTold = wasComplete || line.verdict === 'equal';
    const note = isTold ? 'the book never held it' : 'whether it is ours cannot be said';
    const pair = heldPair(line, isTold ? 'foreign' : 'unknown', listed);
    return { ...pair, ours: null, matchedBy: null, note };
  });
  return [...ours.map((line) => heldPair(line, line.verdict, listed)), ...foreign];
}

/** Names that the statement lists; what a whole list leaves out is zero. */
function listedIn({ balances, positions }: Statement): ReadonlySet<string> {
  return new Set([
    ...(balances?.items.map(({ currency }) => `balance ${currency} net`) ?? []),
    ...(positions?.items.map(({ instrument, leg }) => `position ${instrument} ${leg}`) ?? []),
  ]);
}

function heldPair(line: ComparedLine, state: State, listed: ReadonlySet<string>): MadePair {
  const { what, key, leg, ours, oursText, theirs, theirsText, difference } = line;
  const isPosition = what !== 'balance';
  const isListed = listed.has(`${isPosition ? 'position' : 'balance'} ${key} ${leg ?? 'net'}`);
  const left = theirs === null || isListed ? null : 'left out of the whole list';
  return {
    ...plainPair,
    ...{ section: isPosition ? 'positions' : 'balances', what: what as SidePair['what'], key },
    ...{ instrument: isPosition ? key : null, leg, state },
    ours: said({ amount: toTextOrNull(ours), words: oursText }),
    theirs: theirs === null ? null : said({ amount: toText(theirs), words: theirsText ?? left }),
    difference: toTextOrNull(difference),
    matchedBy: theirs === null ? null : 'name',
    note: theirs === null ? theirsText : null,
    lines: [line],
  };
}

export function orderPairs({ comparison, book, statement }: ComparedSides): readonly MadePair[] {
  const theirsOf = new Map(
    statement.orders?.items.map((one) => [orderName(one.instrument, one.orderId), one]),
  );
  const oursOf = new Map(
    book.orders.map((one) => [orderName(one.report.instrument, one.report.orderId), one]),
  );
  const gaps = comparison.gaps.flatMap((gap) => (gap.kind === 'order' ? [gapPair(gap)] : []));
  // What differs is told by its gap.
  const told = comparison.lines.filter(
    ({ what, verdict }) => what === 'order' && (verdict === 'equal' || verdict === 'unknown'),
  );
  const whole = told.map((line): MadePair => {
    const name = orderName(line.instrument ?? '', line.key);
    const theirs = theirsOf.get(name) ?? null;
    const pair = orderPair(oursOf.get(name) ?? null, theirs, line.verdict);
    const note = line.verdict === 'unknown' ? line.theirsText : null;
    return { ...pair, key: line.key, instrument: line.instrument, note, lines: [line] };
  });
  return [...gaps, ...whole];
}

const orderName = (instrument: string, orderId: string): string => `${instrument}\n${orderId}`;

const orderNotes: Readonly<Record<OrderGap['how'], string | null>> = {
  foreign: 'not ours: open there, and no id of the book knows it',
  lost: 'open there; the book has it as over, or knows our own id alone',
  ghost: 'open in the book, and not in the whole list of open orders',
  differs: null,
};

function gapPair(gap: OrderGap): MadePair {
  const { how, ours, theirs, lines } = gap;
  const isSettling = linesOfGap(gap).every(({ verdict }) => verdict === 'settling');
  const fields = lines.flatMap((line) =>
    line.detail === null
      ? []
      : [
          {
            field: line.detail,
            ours: line.oursText ?? toTextOrNull(line.ours) ?? '',
            theirs: line.theirsText ?? toTextOrNull(line.theirs) ?? '',
          },
        ],
  );
  const pair = orderPair(ours, theirs, isSettling ? 'settling' : 'different');
  const [only] = lines;
  const difference = lines.length === 1 ? toTextOrNull(only!.difference) : null;
  return { ...pair, fields, difference, note: orderNotes[how], lines };
}

function orderPair(ours: BookOrder | null, theirs: StatementOrder | null, state: State): MadePair {
  const one = theirs ?? ours!.report;
  const isBoth = ours !== null && theirs !== null;
  const sameId = isBoth && ours.report.orderId === theirs.orderId;
  return {
    ...plainPair,
    ...{ section: 'orders', what: 'order', key: one?.orderId, instrument: one?.instrument },
    state,
    ours: ours && orderSaid({ ...ours.report, filled: ours.filled }),
    theirs: theirs && orderSaid(theirs),
    matchedBy: isBoth ? (sameId ? 'id' : 'own-id') : null,
    lines: [],
  };
}

type OrderTold = Pick<
  StatementOrder,
  'side' | 'type' | 'quantity' | 'filled' | 'price' | 'status' | 'time' | 'orderId'
>;

/** Signed as the position that it makes. */
function orderSaid({ side, type, quantity, filled, price, status, time, orderId }: OrderTold) {
  const terms = price === null ? 'at market' : `at ${toText(price)}`;
  const done = filled === null ? 'filled: not told' : `${toText(filled)} of it filled`;
  const kind = type === null ? '' : ` ${type}`;
  return said({
    ...{ amount: toText(quantity), id: orderId, time: instantTextOrNull(time) },
    words: `${side}${kind} ${toText(quantity)} ${terms}, ${done}, ${status}`,
  });
}
