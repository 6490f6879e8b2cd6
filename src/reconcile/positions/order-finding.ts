/**
 * What is wrong with a row of an order, and what it becomes. Without a person a row is only ever
 * brought forward: it gets more executions, or its end. A list of open orders that would open it
 * again decides alone where the row was surely written before it; what the row has beyond the
 * better party, a size that is another one, and an order of several rows wait for a person.
 */
import { compare, type Decimal, equals } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { addMilliseconds } from '../../model/instant.ts';
import type { OrderChange, StoredOrder } from '../../model/position-source.ts';
import type { CaseWrites } from '../row-writes.ts';
import type { OrderFinding } from './order-case.ts';
import type { OrderFacts } from './order-facts.ts';
import type { OrderRows } from './order-rows.ts';
import type { Standing } from './order-standing.ts';
import type { CheckPositionsInput } from './port.ts';
import { noWrites } from './row-changes.ts';

/** Null: the row says what is known of it. */
export function findingOf(
  one: StoredOrder,
  facts: OrderFacts,
  rows: OrderRows,
  input: CheckPositionsInput,
): OrderFinding | null {
  const { standing, isSized } = facts;
  if (standing.kind === 'unknown') return null;
  const { filled } = standing;
  const others = rows.besides(one);
  const isSame = filled === null || one.filled === null || equals(filled, one.filled);
  const isForward = isSame || compare(filled, one.filled) > 0;
  const isSure = isSized && isForward && others.length === 0;
  if (standing.kind === 'open') {
    // Of a bot that writes a row for each state the newest says it.
    const isTold = others.some(({ isOver }) => !isOver);
    if (one.isOver ? isTold : isSame) return null;
    const proven = isSure && (!one.isOver || isOlder(one, input));
    return openFinding(one, facts, { filled, proven }, input);
  }
  if (one.isOver) return null;
  return standing.kind === 'final'
    ? endedFinding(one, facts, { standing, proven: standing.proven && isSure }, input)
    : goneFinding(one, facts, filled, input);
}

/** Clocks of machines that are set differ by less. */
const clockSlackMs = 60_000;

/** The row was surely written before the list of open orders was told. */
function isOlder({ updatedAt }: StoredOrder, { snapshot, truth }: CheckPositionsInput): boolean {
  if (updatedAt == null || snapshot.zone.known === 'assumed') return false;
  return addMilliseconds(updatedAt, clockSlackMs) <= truth.statement.asOf;
}

/** The row may know what happened after the list of open orders; null: the list is younger. */
export function whyYounger(
  one: StoredOrder,
  { standing }: OrderFacts,
  { truth }: CheckPositionsInput,
): string | null {
  if (standing.kind !== 'open' || one.updatedAt == null) return null;
  if (one.updatedAt <= truth.statement.asOf) return null;
  const { filled } = standing;
  const knowsMore = filled !== null && one.filled !== null && compare(one.filled, filled) > 0;
  return one.isOver || knowsMore ? 'their rows are younger than the list of open orders' : null;
}

interface Found {
  readonly filled: Decimal | null;
  readonly proven: boolean;
}

const nameOf = ({ id, orderId, clientOrderId }: StoredOrder, { instrument }: OrderFacts): string =>
  `Order ${orderId ?? clientOrderId} of ${instrument.name} (row ${id})`;

function openFinding(
  one: StoredOrder,
  facts: OrderFacts,
  { filled, proven }: Found,
  input: CheckPositionsInput,
): OrderFinding {
  const reason = one.isOver ? 'ORDER_LOST' : 'LATE_ARRIVAL';
  const there = `rests at ${input.venue}${filledText(filled)}`;
  const sentence = `${nameOf(one, facts)} ${there}, and is ${statedText(one)}.`;
  const status = one.isOver ? ({ status: 'open' } as const) : {};
  const writes = writesOf(one, { ...status, filled }, input, proven);
  return { reason, proven, sentence, writes };
}

interface Ended {
  readonly standing: Extract<Standing, { kind: 'final' }>;
  readonly proven: boolean;
}

function endedFinding(
  one: StoredOrder,
  facts: OrderFacts,
  { standing: { status, filled }, proven }: Ended,
  input: CheckPositionsInput,
): OrderFinding {
  const { party } = input.truth;
  const place = party === 'venue' ? input.venue : `the ${party}`;
  const ended = `is ${status} by ${place}${filledText(filled)}`;
  const sentence = `${nameOf(one, facts)} ${ended}, and is ${statedText(one)}.`;
  const writes = writesOf(one, { status, filled }, input, proven);
  return { reason: 'ORDER_GHOST', proven, sentence, writes };
}

function goneFinding(
  one: StoredOrder,
  facts: OrderFacts,
  filled: Decimal | null,
  input: CheckPositionsInput,
): OrderFinding {
  const ended =
    filled === null
      ? 'How much of it was executed is not known: its executions are not listed whole, or the ' +
        'row counts in another unit.'
      : `It ended without being filled${filledText(filled)}: cancelled, expired or rejected, ` +
        'which one nobody told.';
  const stands = `is ${statedText(one)}, and does not rest at ${input.venue}`;
  const sentence = `${nameOf(one, facts)} ${stands}. ${ended}`;
  const writes =
    filled === null ? null : writesOf(one, { status: 'cancelled', filled }, input, false);
  return { reason: 'ORDER_GHOST', proven: false, sentence, writes };
}

const filledText = (filled: Decimal | null): string =>
  filled === null ? '' : `, with ${toText(filled)} executed`;

function statedText({ statusText, filled }: StoredOrder): string {
  const executed = filled === null ? '' : ` with ${toText(filled)} filled`;
  return `stored as ${JSON.stringify(statusText ?? '')}${executed}`;
}

interface OrderState {
  readonly status?: NonNullable<OrderChange['status']>;
  readonly filled: Decimal | null;
}

function writesOf(
  one: StoredOrder,
  { status, filled }: OrderState,
  { snapshot }: CheckPositionsInput,
  proven: boolean,
): CaseWrites {
  const isKept = snapshot.keeps.orderColumns?.has('filled') === true;
  const { id, symbol, statusText } = one;
  const orderId = one.orderId ?? one.clientOrderId;
  const writesFilled = filled !== null && isKept;
  const change: OrderChange = {
    ...{ id, orderId, symbol, expected: { statusText, filled: one.filled } },
    ...(status === undefined ? {} : { status }),
    ...(writesFilled ? { filled } : {}),
  };
  const was = `${statusText ?? 'no status'}${one.filled === null ? '' : ` ${toText(one.filled)}`}`;
  const becomes = `${status ?? statusText}${writesFilled ? ` ${toText(filled)}` : ''}`;
  const sentence = `order ${orderId} (${symbol}): ${was} -> ${becomes}`;
  return { rows: { ...noWrites, orderChanges: [change] }, proven, sentences: [sentence] };
}
