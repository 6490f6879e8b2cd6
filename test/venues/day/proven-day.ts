/** What holds after any day: the book is what the exchange itself states, to the last unit. */
import { expect } from 'vitest';
import { add, type Decimal, equals, isZero, zero } from '../../../src/decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import type { ComparedLine } from '../../../src/reconcile/judge.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { verifyChain } from '../../../src/store/verify.ts';
import { markMaxAgeMs } from '../../service/held-book.ts';
import { type DayExchange, type TradedDay, tradeDay } from './trading-day.ts';

export interface Proven {
  readonly fills: number;
  readonly faults: number;
  readonly gaps: number;
}

export async function proveDay(
  seed: number,
  exchange: DayExchange = 'bybit',
  positionMode: 'net' | 'hedge' = 'net',
): Promise<Proven> {
  const day = await tradeDay(seed, exchange, positionMode);
  try {
    return compared(day, exchange);
  } finally {
    await day.close();
  }
}

function compared(
  { emulator, held, reader, following, exitCode, script }: TradedDay,
  exchange: DayExchange,
): Proven {
  expect(exitCode).toBe(0);
  // From the exchange itself, past every protocol and every client.
  const whole = emulator.exchange.statement();
  const statement = { ...whole, executions: null, cashFlows: null };
  const account = reader.file.accountNamed('main')!;
  const { reconciled } = checkAccount(reader, {
    ...{ account, source: { statement, text: '{}' }, now: whole.asOf, strict: true },
    ...{ toleranceSteps: 0, markMaxAgeMs, adjust: new Set<string>() },
  });
  const isWide = script.faults.some(({ fault }) => fault === 'wide-numbers');
  // Ids that were told in more digits, or as numbers, are the exchange's own by another name.
  const isRenamed = isWide || exchange !== 'bybit';
  const { lines } = reconciled.comparison!;
  expect(lines.length).toBeGreaterThan(2);
  // Called filled, and no more than partly since a fill of theirs was taken back: not to be told.
  const doubtful = new Set(
    emulator.exchange
      .orders()
      .filter(({ status, filled, quantity }) => status === 'filled' && !equals(filled!, quantity))
      .map(({ clientOrderId }) => clientOrderId),
  );
  const isTold = ({ what, key, detail }: ComparedLine) =>
    what !== 'order' ||
    (!(isRenamed && detail === 'id') &&
      !reader.file
        .ordersWithId(account.account, key)
        .some(({ clientOrderId }) => doubtful.has(clientOrderId)));
  const wrong = lines.filter((line) => line.verdict !== 'equal' && isTold(line));
  expect(wrong.map(lineWords)).toEqual([]);
  const booked = [...reader.factsInForce(account)].flatMap(({ fact }) =>
    fact.kind === 'fill' ? [fact] : [],
  );
  const theirs = whole.executions!.items as readonly Fill[];
  const words = (fills: readonly Fill[]) =>
    fills.map((fill) => wordsOf(fill, isRenamed)).toSorted();
  expect(words(booked)).toEqual(words(theirs));
  expect(new Set(booked.map(({ executionId }) => executionId)).size).toBe(booked.length);
  expect(feesOf(booked)).toEqual(feesOf(theirs));
  expect(following.unread).toBe(0);
  const gaps = reader.file.gapsSince('venue', 'main', 0n);
  expect(gaps.filter(({ closedAt }) => closedAt === null)).toEqual([]);
  expect(gaps.every(({ why }) => why !== '')).toBe(true);
  expect(verifyChain(held.file).findings).toEqual([]);
  return { fills: theirs.length, faults: emulator.applied.length, gaps: gaps.length };
}

const lineWords = ({ what, key, detail, ours, theirs }: ComparedLine): string =>
  `${what} ${key} ${detail ?? ''}: book ${toTextOrNull(ours)}, exchange ${toTextOrNull(theirs)}`;

const wordsOf = (fill: Fill, isRenamed: boolean): string =>
  [
    ...[isRenamed ? '' : fill.executionId, fill.instrument, fill.leg, fill.side, fill.cause],
    ...[toText(fill.quantity), toText(fill.price)],
    ...(fill.fees ?? []).map(({ currency, amount }) => `${toText(amount)} ${currency}`),
  ].join(' ');

function feesOf(fills: readonly Fill[]): ReadonlyMap<string, string> {
  const sums = new Map<string, Decimal>();
  for (const { currency, amount } of fills.flatMap(({ fees }) => fees ?? []))
    sums.set(currency, add(sums.get(currency) ?? zero, amount));
  const told = [...sums]
    .filter(([, sum]) => !isZero(sum))
    .map(([coin, sum]) => [coin, toText(sum)]);
  return new Map(told.toSorted() as [string, string][]);
}
