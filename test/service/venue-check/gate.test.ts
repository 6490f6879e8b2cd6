/** The gate of a book: what checks leave on record, and what a program is told. */
import { afterEach, describe, expect, test } from 'vitest';
import { gate, openBook } from '../../../src/index.ts';
import { gateOf } from '../../../src/service/gate.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { knownBreaks } from '../../../src/service/reconcile-entries.ts';
import { balances, cash, closeDesks, fill, held, type Json } from '../reconcile/desk.ts';
import { noAnswer, openStand, type Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const holds = (quantity: string, usdt: string): Json => ({
  positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
  balances: balances({ USDT: usdt }),
  orders: held([]),
});
const agrees = holds('1', '999.9');

const gateIn = ({ desk }: Stand, maxAgeMs?: number) => {
  const question = { now: desk.clock.now(), ...(maxAgeMs === undefined ? {} : { maxAgeMs }) };
  const { gate: now, reasons } = gateOf(desk.reader.file, desk.account(), question);
  return [now, ...reasons.map(({ code }) => code)];
};

describe('the gate of a book', () => {
  test('VC12 follows what checks find, and closes by itself', async () => {
    const stand = await openStand(deposit, fill('e1'));
    expect(gateIn(stand)).toEqual(['deny', 'never-checked']);
    await stand.check(said(0, agrees));
    expect(gateIn(stand)).toEqual(['allow']);
    await stand.check(noAnswer('HTTP 503'));
    expect(gateIn(stand)).toEqual(['deny', 'answer-incomplete']);
    await stand.check(said(30, holds('2', '999.9')), said(40, holds('2', '999.9')));
    expect(gateIn(stand)).toEqual(['deny', 'break-open']);
    await stand.check(said(60, agrees));
    expect(gateIn(stand)).toEqual(['allow']);
    stand.desk.clock.advance(301);
    expect(gateIn(stand)).toEqual(['deny', 'check-too-old']);
    expect(gateIn(stand, 3_600_000)).toEqual(['allow']);
  });

  test('VC12 a break outlives the answers that say nothing of it', async () => {
    const stand = await openStand(deposit, fill('e1'));
    await stand.check(said(0, holds('2', '999.9')), said(10, holds('2', '999.9')));
    await stand.check(noAnswer('HTTP 503'));
    expect(gateIn(stand)).toEqual(['deny', 'answer-incomplete', 'break-open']);
  });

  test('VC12 a check of the same account without a venue uses what is on record', async () => {
    const stand = await openStand(deposit, fill('e1'));
    await stand.check(said(0, agrees));
    expect((await stand.desk.check(null)).account.gate).toBe('allow');
    stand.desk.clock.advance(600);
    expect((await stand.desk.check(null)).account.gate).toBe('deny');
  });

  test('VC25 asked again it says what a new reader says', async () => {
    const stand = await openStand(deposit, fill('e1'));
    const { desk } = stand;
    const off = (second: number, quantity: string, usdt: string) =>
      said(second, holds(quantity, usdt));
    const steps: readonly (() => Promise<unknown>)[] = [
      () => stand.check(off(0, '2', '999.9'), off(10, '2', '999.9')),
      () => stand.check(noAnswer('HTTP 503')),
      () => stand.check(off(40, '2', '900'), off(50, '2', '900')),
      () => stand.check(off(60, '1', '900')),
      () => stand.check(noAnswer('HTTP 503')),
      () => stand.check(said(80, agrees)),
      () => stand.check(off(100, '3', '999.9'), off(110, '3', '999.9')),
      () => stand.check(said(130, agrees)),
    ];
    const told: string[] = [];
    for (const step of steps) {
      await step();
      const anew = new BookReader(desk.path, desk.clock);
      const question = { now: desk.clock.now() };
      const fresh = gateOf(anew.file, desk.account(), question);
      const { lastComplete: _, ...plain } = fresh;
      expect(gateOf(desk.reader.file, desk.account(), question)).toMatchObject(plain);
      const { account } = desk.account();
      expect(knownBreaks(desk.reader.file, account).breaks).toEqual(
        knownBreaks(anew.file, account).breaks,
      );
      expect(knownBreaks(desk.reader.file, account).counts).toEqual(
        knownBreaks(anew.file, account).counts,
      );
      told.push(fresh.reasons.map(({ code }) => code).join(' '));
      anew.close();
    }
    expect(told).toEqual([
      'break-open',
      'answer-incomplete break-open',
      'break-open',
      'break-open',
      'answer-incomplete break-open',
      '',
      'break-open',
      '',
    ]);
  });

  test('VC12 a program that just began is denied until a check was whole', async () => {
    const stand = await openStand(deposit, fill('e1'));
    await stand.check(said(0, agrees));
    stand.desk.clock.advance(1);
    const { clock, path } = stand.desk;
    const book = await openBook(path, { clock });
    try {
      expect(gate(book).reasons.map(({ code }) => code)).toEqual(['not-since-start']);
      await stand.check(said(30, agrees));
      expect(gate(book, 'main')).toMatchObject({ account: 'main', gate: 'allow', reasons: [] });
      clock.advance(20);
      expect(gate(book, 'main', { maxAgeMs: 10_000 }).gate).toBe('deny');
      expect(() => gate(book, 'nobody')).toThrow(RangeError);
    } finally {
      await book.close();
    }
  });
});
