import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import { isZero } from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { isCashFact, type OrderReport } from '../../../src/model/fact.ts';
import { instantText } from '../../../src/model/instant.ts';
import { strategyOf } from '../../../src/service/executing/order-name.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import type { MarketEvent, PaperExchange } from '../../../src/venues/paper/paper-exchange.ts';
import { exampleBars, madeBars } from './made-bars.ts';
import { facing, noted, perpetual, ran } from './paper-ground.ts';

const of = (value: Parameters<typeof toText>[0]) => new Big(toText(value));
const numbered = (orders: readonly OrderReport[]) =>
  orders.map((one) => [one.clientOrderId, one.side, toText(one.quantity)].join(' '));

describe('a month of four strategies', () => {
  test.each(['ABC/USDT', perpetual])('ST11 on %s it ends TRUE', async (name) => {
    const { document, exchange } = await ran({ name });
    expect(document).toMatchObject({ verdict: 'true', exitCode: 0, mode: 'PAPER' });
    expect(document.check['unknown']).toEqual([]);
    expect(document.strategies.every(({ fills }) => fills > 10)).toBe(true);
    expect(document.performance.fills).toBe(exchange.fills().length);
    expect(document.performance.bridge.unexplained).toBe('0');
  });

  test('ST15 return, drawdown and fees are those of a model of its own', async () => {
    const { document, exchange, state } = await ran();
    // Linear contracts: what was received for sales, less what was paid, less fees, and the rest.
    let [cash, held, fees] = [new Big(10_000), new Big(0), new Big(0)];
    let [peak, deepest, amount] = [cash, new Big(0), new Big(0)];
    const fills = [...exchange.fills()];
    for (const line of madeBars(exampleBars).trim().split('\n').slice(1)) {
      const [begins, , , , close] = line.split(',');
      const ends = (BigInt(begins!) + 3_600_000n) * 1_000_000n;
      while (fills[0] !== undefined && fills[0].time <= ends) {
        const fill = fills.shift()!;
        const signed = of(fill.quantity).times(fill.side === 'buy' ? 1 : -1);
        const fee = of(fill.fees![0]!.amount);
        held = held.plus(signed);
        cash = cash.minus(signed.times(of(fill.price))).minus(fee);
        fees = fees.plus(fee);
      }
      const equity = cash.plus(held.times(close!));
      if (equity.gt(peak)) peak = equity;
      const lost = peak.minus(equity);
      if (lost.div(peak).gt(deepest)) [deepest, amount] = [lost.div(peak), lost];
      if (ends === state.to) expect(document.performance.equity).toBe(equity.toFixed());
    }
    expect(document.performance.fees).toBe(fees.toFixed());
    expect(document.performance.drawdown?.amount).toBe(amount.toFixed());
    expect(document.performance.drawdown?.percent).toBe(deepest.times(100).round(4, 2).toString());
    const gain = new Big(document.performance.equity!).minus(10_000);
    expect(document.performance.returnPercent).toBe(gain.div(100).round(4, 2).toString());
    // Nothing is funded here: the strategies' results are the whole of it.
    const results = document.strategies.reduce((sum, one) => sum.plus(one.result!), new Big(0));
    expect(results.minus(gain).abs().lt('1e-12')).toBe(true);
  });

  test('ST12 the same again is the same, byte for byte; another seed is another run', async () => {
    const [first, second, other] = [await ran(), await ran(), await ran({ seed: 2 })];
    // The files of the data lie elsewhere each time.
    const text = ({ document }: typeof first) => JSON.stringify({ ...document, data: null });
    expect(text(second)).toBe(text(first));
    expect(other.document.book.head.hash).not.toBe(first.document.book.head.hash);
  });

  test('ST1 ST8 what comes later in the data changes no order before it', async () => {
    const csv = madeBars(exampleBars);
    const lines = csv.split('\n');
    const other = madeBars({ ...exampleBars, seed: 99 })
      .split('\n')
      .slice(400);
    const changed = [...lines.slice(0, 400), ...other].join('\n');
    const [one, two] = [await ran({ csv }), await ran({ csv: changed })];
    // Line 399 holds bar 399: it is known when the 399th hour ends.
    const until = BigInt(exampleBars.startMs + 399 * exampleBars.barMs) * 1_000_000n;
    const earlier = ({ exchange }: typeof one) =>
      numbered(
        exchange.orders().filter(({ clientOrderId }) => {
          const bar = clientOrderId!.split('_').at(-1)!;
          return BigInt(Number.parseInt(bar, 36)) * 1_000_000n <= until;
        }),
      );
    expect(earlier(one).length).toBeGreaterThan(30);
    expect(earlier(two)).toEqual(earlier(one));
    expect(numbered(two.exchange.orders())).not.toEqual(numbered(one.exchange.orders()));
  });
});

describe('the account', () => {
  test('ST5 during a warm-up nobody is asked, and the position limit holds', async () => {
    const positionMax = decimal('0.1');
    const { exchange, document } = await ran({ warmUpBars: 200, positionMax });
    const from = BigInt(exampleBars.startMs + 201 * exampleBars.barMs) * 1_000_000n;
    expect(exchange.fills().length).toBeGreaterThan(20);
    let held = new Big(0);
    for (const { side, quantity, price, time } of exchange.fills()) {
      expect(time >= from).toBe(true);
      held = held.plus(of(quantity).times(side === 'buy' ? 1 : -1));
      // A tenth of 10,000, and what the price moved since it was bought.
      expect(held.abs().times(of(price)).lt(1_150)).toBe(true);
    }
    expect(document.verdict).toBe('true');
  });

  test('ST13 it is a paper account in a book of its own; any other is refused', async () => {
    const { state } = await ran({ strategies: ['ma-cross'] });
    expect(state.book.view.settings.mode).toBe('paper');
    const path = `${(await ran({ strategies: ['ma-cross'] })).document.data[0]!.file}.db`;
    await ran({ strategies: ['ma-cross'], path });
    await expect(ran({ strategies: ['ma-cross'], path })).rejects.toThrow('book-not-empty');
  });

  test('ST8 every fill is in the book with its strategy, and every order as it ended', async () => {
    const path = `${(await ran({ strategies: ['breakout'] })).document.data[0]!.file}.db`;
    const { exchange } = await ran({ path });
    const reader = new BookReader(path, systemClock);
    const account = reader.file.accountNamed('paper')!;
    const booked = [...reader.factsInForce(account)].map(({ fact }) => fact);
    const open = reader.file.orders(account.account, { status: 'open' });
    reader.close();
    const fills = booked.filter((fact) => fact.kind === 'fill');
    expect(fills.map((fill) => fill.executionId).sort()).toEqual(
      exchange
        .fills()
        .map((fill) => fill.executionId)
        .sort(),
    );
    for (const fill of fills) expect(fill.strategy).toBe(strategyOf(fill.clientOrderId));
    expect(booked.filter(isCashFact).map(({ kind }) => kind)).toEqual(['deposit']);
    expect(open.length).toBe(
      exchange.openOrders().filter(({ status }) => status === 'open').length,
    );
  });

  test('ST16 funding is paid every eight hours, and booked', async () => {
    const at = (hours: number) => BigInt(exampleBars.startMs + hours * 3_600_000) * 1_000_000n;
    const funding: MarketEvent[] = [0, 200].map((hours) => ({
      ...{ kind: 'funding-rate', instrument: perpetual, at: at(hours) },
      rate: decimal(hours === 0 ? '0.001' : '-0.002'),
    }));
    const { document, exchange } = await ran({ strategies: ['ma-cross'], funding });
    const paid = exchange.cashFlows().filter(({ kind }) => kind === 'funding');
    expect(paid.length).toBeGreaterThan(60);
    for (const { time } of paid) expect(instantText(time)).toMatch(/T(00|08|16):00:00Z$/);
    const sum = paid.reduce((total, { amount }) => total.plus(of(amount)), new Big(0));
    expect(document.performance.funding).toBe(sum.toFixed());
    expect(sum.eq(0)).toBe(false);
    expect(document.verdict).toBe('true');
  });

  test('ST8 a liquidation reduces those who hold, and the parts add up', async () => {
    const seen = { events: 0, forced: 0 };
    const before = (exchange: PaperExchange) => {
      seen.events += 1;
      const [position] = exchange.statement().positions?.items ?? [];
      if (position === undefined || isZero(position.quantity) || seen.events % 90 !== 0) return;
      seen.forced += 1;
      if (seen.events % 180 === 0) exchange.liquidate(perpetual);
      else exchange.deleverage(perpetual, decimal('1.5'));
    };
    const { document, exchange } = await ran({ before });
    const forced = exchange.fills().filter(({ cause }) => cause !== 'trade');
    expect(seen.forced).toBeGreaterThan(4);
    expect(forced.length).toBeGreaterThanOrEqual(seen.forced);
    expect(noted(document.notes, 'parts-differ')).toBe(0);
    expect(document.verdict).toBe('true');
    const parts = document.strategies.flatMap(({ held }) => held);
    const sum = parts.reduce((total, one) => total.plus(one.quantity), new Big(0));
    const [net] = document.book.positions;
    expect(sum.toFixed()).toBe(net?.quantity ?? '0');
  });
});

describe('what goes wrong on the way', () => {
  const strategies = ['ma-cross', 'rsi-reversion'];

  test.each([
    ['after the order arrived', true],
    ['before the order arrived', false],
  ])('ST9 an answer that is lost %s changes nothing', async (_when, arrives) => {
    let sent = 0;
    const reached = (opened: PaperExchange) =>
      facing(opened, {
        submit(request) {
          sent += 1;
          if (sent % 2 === 0) return opened.submit(request);
          if (arrives) opened.submit(request);
          return { status: 'unknown', why: 'no answer in time' };
        },
      });
    const [whole, lossy] = [await ran({ strategies }), await ran({ strategies, reached })];
    expect(numbered(lossy.exchange.orders())).toEqual(numbered(whole.exchange.orders()));
    expect(lossy.document.performance).toEqual(whole.document.performance);
    expect(lossy.document.verdict).toBe('true');
  });

  test('ST9 ST10 an order without any answer is noted, and the next bar decides anew', async () => {
    const reached = (opened: PaperExchange) =>
      facing(opened, { submit: () => ({ status: 'unknown', why: 'no answer in time' }) });
    const { document, exchange } = await ran({ strategies, reached });
    expect(exchange.orders()).toEqual([]);
    expect(noted(document.notes, 'order-unknown')).toBeGreaterThan(100);
    expect(document.performance).toMatchObject({ equity: '10000', orders: 0, fills: 0 });
  });

  test('ST10 what the exchange refuses is noted with its reason', async () => {
    const refused = { status: 'refused', code: 'halted', why: 'no trading today' } as const;
    const reached = (opened: PaperExchange) => facing(opened, { submit: () => refused });
    const { document } = await ran({ strategies, reached });
    const notes = document.notes.filter(({ code }) => code === 'halted');
    expect(notes.map(({ strategy }) => strategy)).toEqual(strategies);
    expect(notes[0]?.why).toContain('no trading today');
  });

  test('ST6 ST10 orders below the least value are not sent, and noted', async () => {
    const { document, exchange } = await ran({ strategies, minNotional: decimal('6000') });
    expect(exchange.orders()).toEqual([]);
    expect(noted(document.notes, 'below-notional')).toBeGreaterThan(100);
  });

  test('ST10 a market without volume fills nothing, and that is noted', async () => {
    const csv = madeBars(exampleBars).replaceAll(/,\d+$/gm, ',0');
    const { document } = await ran({ strategies: ['ma-cross'], csv });
    expect(document.performance.fills).toBe(0);
    expect(noted(document.notes, 'market-not-filled')).toBeGreaterThan(100);
    expect(document.verdict).toBe('true');
  });

  test('ST11 a fill that never reached the book is a break', async () => {
    const reached = (opened: PaperExchange) => {
      let fills = 0;
      return facing(opened, {
        listen: (listener) =>
          opened.listen((event) => {
            if (event.kind === 'fill') fills += 1;
            if (event.kind !== 'fill' || fills !== 3) listener(event);
          }),
      });
    };
    const { document } = await ran({ strategies, reached });
    expect(document).toMatchObject({ verdict: 'break', exitCode: 3 });
    const breaks = document.check['breaks'] as readonly { readonly reason: string }[];
    expect(breaks.map(({ reason }) => reason)).toContain('FILL_MISSING');
  });
});
