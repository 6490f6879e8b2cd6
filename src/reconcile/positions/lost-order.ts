/** An order of the bot's own that rests at the venue, and that no row of its store is about. */
import { type Decimal, equals, one, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { counted } from '../../model/amount.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { OrderAddition, StoredOrder, StoredPosition } from '../../model/position-source.ts';
import type { StatementOrder } from '../../model/statement.ts';
import type { ExplainedCase } from '../explain.ts';
import type { ComparedLine } from '../judge.ts';
import type { CaseWrites } from '../row-writes.ts';
import { caseOfOrder, type StoredOrdersAsked } from './order-case.ts';
import type { KnownOrders, OrderFacts } from './order-facts.ts';
import { noRow } from './order-rows.ts';
import type { CheckPositionsInput } from './port.ts';
import { noWrites } from './row-changes.ts';
import { isOwnRow } from './rows.ts';
import { hasSettled } from './settling.ts';
import { legId } from './stated.ts';

export interface LostOrder {
  /** Why nothing can be said of it. */
  readonly why: string | null;
  readonly case: ExplainedCase | null;
}

export function lostOrder(
  theirs: StatementOrder,
  known: KnownOrders,
  asked: StoredOrdersAsked,
): LostOrder {
  const { input } = asked;
  const instrument = input.truth.instruments.get(theirs.instrument);
  const name = `order ${theirs.orderId}`;
  if (instrument === undefined) {
    return {
      why: `${name} rests there under an id of the bot, in an instrument that is not known`,
      case: null,
    };
  }
  const facts = known.of(rowOf(theirs), [instrument]);
  if (facts === null)
    return { why: `${name}, under an id of the bot, is told of several instruments`, case: null };
  const { standing } = facts;
  if (standing.kind === 'unknown') return { why: `${name}: ${standing.why}`, case: null };
  // What is known of it is younger than the list: it is over.
  if (standing.kind !== 'open') return { why: null, case: null };
  return { why: null, case: lostCase(theirs, facts, standing.filled, asked) };
}

/** The row that the store would have. */
const rowOf = (theirs: StatementOrder): StoredOrder => ({
  ...{ id: '', positionId: null, symbol: theirs.instrument, exchange: null, statusText: null },
  ...{ orderId: theirs.orderId, clientOrderId: theirs.clientOrderId, side: theirs.side },
  ...{ type: theirs.type, quantity: theirs.quantity, price: theirs.price, filled: theirs.filled },
  ...{ isOver: false, createdAt: theirs.time },
});

function lostCase(
  theirs: StatementOrder,
  { instrument, youngest, evidence }: OrderFacts,
  filled: Decimal | null,
  { input, rows, seen }: StoredOrdersAsked,
): ExplainedCase {
  const { orderId, side, quantity, leg } = theirs;
  const { party } = input.truth;
  const line: ComparedLine = {
    ...{ what: 'order', key: orderId, instrument: instrument.name, leg: null, detail: noRow },
    ...{ oursParty: 'source', ours: null, oursText: noRow },
    ...{ theirsParty: party === 'book' ? 'venue' : party, theirs: null, difference: null },
    ...{ theirsText: `open, ${side} ${toText(quantity)}`, tolerance: zero },
    ...{ verdict: 'different', youngest, value: null },
  };
  const settled = hasSettled(line, [], youngest, seen, input);
  const row = rows.get(legId(instrument.name, leg))?.row ?? null;
  const refused = input.snapshot.keeps.refuses?.orders;
  const sentence =
    `Order ${orderId} of ${instrument.name} rests at ${input.venue}, ${side} ${toText(quantity)} ` +
    `under an id of the bot, and none of its ${counted(input.snapshot.counts.orders, 'row')} of ` +
    `orders is about it.${refused === undefined ? '' : ` No row can be added: ${refused}.`}`;
  // What was executed of it is a fact: without it no row is made up.
  const canAdd = filled !== null && refused === undefined;
  const writes = canAdd ? addingOf(theirs, instrument, { row, filled }, input) : null;
  const finding = { reason: 'ORDER_LOST', proven: true, sentence, writes } as const;
  const told: ComparedLine = settled ? line : { ...line, verdict: 'settling' };
  return caseOfOrder(input.account, told, finding, { evidence });
}

interface Adding {
  readonly row: StoredPosition | null;
  readonly filled: Decimal;
}

function addingOf(
  theirs: StatementOrder,
  instrument: Instrument,
  { row, filled }: Adding,
  input: CheckPositionsInput,
): CaseWrites {
  const { orderId, clientOrderId, side, type, quantity, price, time } = theirs;
  const addition: OrderAddition = {
    ...{ positionId: row?.id ?? null, symbol: symbolIn(input, instrument), orderId, side },
    exchange: row?.exchange ?? exchangeIn(input),
    ...{ clientOrderId, type: type ?? 'unknown', quantity, price, filled, statusText: 'open' },
    ...{ fee: null, feeCurrency: null, createdAt: time },
  };
  return {
    rows: { ...noWrites, orders: [addition] },
    // In which unit the bot counts contracts no row says.
    proven: equals(instrument.multiplier, one),
    sentences: [`order ${orderId} (${addition.symbol}) added: ${side} ${toText(quantity)}`],
  };
}

/** As the bot writes its symbols. */
function symbolIn(
  { snapshot }: CheckPositionsInput,
  { name, symbol }: { readonly name: string; readonly symbol: string | null },
): string {
  const rows = [...snapshot.orders, ...snapshot.positions];
  return rows.some((each) => each.symbol.includes('/')) ? name : (symbol ?? name);
}

/** In the bot's word for this exchange. */
function exchangeIn(input: CheckPositionsInput): string {
  const { orders, positions } = input.snapshot;
  const named = [...positions, ...orders].find(
    (each) => each.exchange !== null && isOwnRow(input, each),
  );
  return named?.exchange ?? input.venue;
}
