/** What holds after any day: the book is what the exchange itself states, to the last unit. */
import { expect } from 'vitest';
import { add, type Decimal, isZero, zero } from '../../../src/decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import type { ComparedLine } from '../../../src/reconcile/judge.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { verifyChain } from '../../../src/store/verify.ts';
import { markMaxAgeMs } from '../../service/held-book.ts';
import { type TradedDay, tradeDay } from './trading-day.ts';

export interface Proven {
  readonly fills: number;
  readonly faults: number;
  readonly gaps: number;
}

export async function proveDay(seed: number): Promise<Proven> {
  const day = await tradeDay(seed);
  try {
    return compared(day);
  } finally {
    await day.close();
  }
}

function compared({ emulator, held, reader, following, exitCode, script }: TradedDay): Proven {
  expect(exitCode).toBe(0);
  // From the exchange itself, past every protocol and every client.
  const whole = emulator.exchange.statement();
  const statement = { ...whole, orders: null, executions: null, cashFlows: null };
  const account = reader.file.accountNamed('main')!;
  const { reconciled } = checkAccount(reader, {
    ...{ account, source: { statement, text: '{}' }, now: whole.asOf, strict: true },
    ...{ toleranceSteps: 0, markMaxAgeMs, adjust: new Set<string>() },
  });
  // Whether an order still rests is told by its frames alone, and those may be lost for good.
  const lines = reconciled.comparison!.lines.filter(({ what }) => what !== 'order');
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.filter(({ verdict }) => verdict !== 'equal').map(lineWords)).toEqual([]);
  const isWide = script.faults.some(({ fault }) => fault === 'wide-numbers');
  const booked = [...reader.factsInForce(account)].flatMap(({ fact }) =>
    fact.kind === 'fill' ? [fact] : [],
  );
  const theirs = whole.executions!.items as readonly Fill[];
  const words = (fills: readonly Fill[]) => fills.map((fill) => wordsOf(fill, isWide)).toSorted();
  expect(words(booked)).toEqual(words(theirs));
  expect(new Set(booked.map(({ executionId }) => executionId)).size).toBe(booked.length);
  expect(feesOf(booked)).toEqual(feesOf(theirs));
  expect(following.unread).toBe(0);
  const gaps = reader.file.gapsSince('bybit', 'main', 0n);
  expect(gaps.filter(({ closedAt }) => closedAt === null)).toEqual([]);
  expect(gaps.every(({ why }) => why !== '')).toBe(true);
  expect(verifyChain(held.file).findings).toEqual([]);
  return { fills: theirs.length, faults: emulator.applied.length, gaps: gaps.length };
}

const lineWords = ({ what, key, ours, theirs }: ComparedLine): string =>
  `${what} ${key}: book ${toTextOrNull(ours)}, exchange ${toTextOrNull(theirs)}`;

/** Ids that were told in more digits are the exchange's own under another name. */
const wordsOf = (fill: Fill, isWide: boolean): string =>
  [
    ...[isWide ? '' : fill.executionId, fill.instrument, fill.leg, fill.side, fill.cause],
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
