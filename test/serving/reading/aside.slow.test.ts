/** A large book is looked back at in a thread of its own, and the answer is the same. */
import { afterEach, expect, test } from 'vitest';
import type { Fact } from '../../../src/model/fact.ts';
import { aside, endAside } from '../../../src/service/serving/reads/aside.ts';
import { equityOf } from '../../../src/service/serving/reads/equity.ts';
import { runTask } from '../../../src/service/serving/reads/tasks.ts';
import { isStoreError } from '../../../src/store/store-error.ts';
import { markMaxAgeMs } from '../../service/held-book.ts';
import { fact } from '../../service/random-facts.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { partsOn } from './asking.ts';

afterEach(closeDesks);

const clockTime = (n: number): string => {
  const [hour, minute, second] = [Math.floor(n / 3_600) + 7, Math.floor(n / 60) % 60, n % 60];
  return at([hour, minute, second].map((one) => String(one).padStart(2, '0')).join(':'));
};

test('RD21 what folds a long stream is done aside, and says what it says at once', async () => {
  const fills = Array.from({ length: 3_000 }, (_, n) => fill(`e${n}`, { time: clockTime(n) }));
  const desk = await openDesk(cash('deposit', 'd1', '100000'));
  await desk.writer.recordAll(fills.map((one): Fact => fact(one)));
  await desk.check(says({ balances: balances({ USDT: '7' }) }));
  const { reader } = desk;
  const parts = partsOn(desk);
  const account = desk.account();
  const of = { account, markMaxAgeMs };
  const asOf = BigInt(Date.parse(at('07:30:00.5'))) * 1_000_000n;
  const back = { ...of, asOf, knownAt: 2_500 };
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  expect(await aside(parts, 'looked', back)).toEqual(runTask(reader, 'looked', back));
  clearInterval(turning);
  // Others are answered meanwhile.
  expect(turns).toBeGreaterThan(0);
  const { sequence } = reader.file.lastOfKind(account.account, 'statement')!;
  const venue = { party: 'venue', now: desk.clock.now() } as const;
  const beside = { ...of, ...venue, sequence, asOf, from: 1, limit: 2 };
  expect(await aside(parts, 'sided', beside)).toEqual(runTask(reader, 'sided', beside));
  const then = { account, asOf, knownAt: null, now: desk.clock.now() };
  const rows = { account, asOf, before: 9_000, limit: 500 };
  const figure = { what: 'fees', key: '*', leg: 'net' } as const;
  const why = { ...of, asOf, figure, limit: 50, place: null };
  const inbox = { accounts: [account], asked: { state: 'all', limit: 9 }, asOf, now: then.now };
  for (const [name, asked] of [
    ['fillsThen', { ...rows, instrument: null }],
    ['ordersThen', rows],
    ['openOrdersThen', then],
    ['why', why],
    ['recalled', then],
    ['recalledSummary', { ...then, markMaxAgeMs }],
    ['inboxThen', inbox],
  ] as const) {
    const done = await aside(parts, name, asked as never);
    expect(done, name).toEqual(runTask(reader, name, asked as never));
  }
  const range = { ...of, from: asOf, to: null };
  expect(await aside(parts, 'bridged', range)).toEqual(runTask(reader, 'bridged', range));
  // Asked twice at once, it is done once.
  const [one, same] = await Promise.all([1, 2].map(() => aside(parts, 'bridged', range)));
  expect(one).toBe(same);
  // Nobody stands behind what reads all of it.
  const ended: string[] = [];
  const verified = aside(parts, 'verified', {}).finally(() => ended.push('verified'));
  await aside(parts, 'fillsThen', { ...rows, instrument: null });
  ended.push('asked later');
  expect(await verified).toMatchObject({ findings: [] });
  expect(ended).toEqual(['asked later', 'verified']);
  const curve = { ...range, limit: 10, provisional: true, proven: [] };
  const told = runTask(reader, 'curved', curve);
  const before = turns;
  const still = setInterval(() => (turns += 1), 1);
  const drawn = await equityOf(parts, account, { limit: 10, from: asOf, to: null });
  clearInterval(still);
  expect(turns).toBeGreaterThan(before);
  expect(drawn).toMatchObject(told);
  await endAside(reader);
});

test('RD21 what a thread cannot read is refused as the book refuses it', async () => {
  const fills = Array.from({ length: 2_100 }, (_, n) => fill(`e${n}`, { time: clockTime(n) }));
  const desk = await openDesk();
  await desk.writer.recordAll(fills.map((one): Fact => fact(one)));
  const parts = partsOn(desk);
  // The file is read under a name that leads nowhere.
  const { file } = desk.reader;
  const reader = { file: { ...file, path: `${file.path}.gone` } } as unknown as typeof desk.reader;
  const asked = { account: desk.account(), asOf: 0n, knownAt: null, markMaxAgeMs };
  const error = await aside({ ...parts, reader }, 'looked', asked).catch((one: unknown) => one);
  expect(isStoreError(error, 'no-book'), String(error)).toBe(true);
  await endAside(reader);
});
