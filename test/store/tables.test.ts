import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import type { Mark } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { verifyChain } from '../../src/store/verify.ts';
import { newBook, start } from './new-book.ts';

const minute = 60_000_000_000n;
const mark = (price: string, time: bigint, source: string | null = 'venue'): Mark => ({
  kind: 'mark',
  instrument: 'BTC/USDT',
  price: decimal(price),
  source,
  time,
});

describe('marks', () => {
  test('S31 the last of each minute is kept, whatever the order of arrival', () => {
    const { book, epoch } = newBook();
    const put = (one: Mark) => book.write(epoch, (tx) => tx.putMark(one));
    expect(put(mark('1', start))).toBe(true);
    expect(put(mark('3', start + 30n, null))).toBe(true);
    expect(put(mark('2', start + 20n))).toBe(false);
    expect(put(mark('4', start + minute))).toBe(true);
    expect(book.marks('BTC/USDT', start, start + 2n * minute)).toEqual([
      mark('3', start + 30n, null),
      mark('4', start + minute),
    ]);
  });

  test('S32 the mark in force is the newest at or before an instant', () => {
    const instants = fc.bigInt({ min: -5n * minute, max: 5n * minute });
    fc.assert(
      fc.property(fc.array(instants, { maxLength: 8 }), instants, (times, at) => {
        const { book, epoch } = newBook();
        book.write(epoch, (tx) => {
          for (const time of times) tx.putMark(mark('1', time));
        });
        const floor = (time: bigint) => (time - (((time % minute) + minute) % minute)) / minute;
        const last = new Map<bigint, bigint>();
        for (const time of times.toSorted((a, b) => (a < b ? -1 : 1))) last.set(floor(time), time);
        const known = [...last.values()].filter((time) => time <= at);
        const newest = known.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null);
        expect(book.newestMark('BTC/USDT', at)?.time ?? null).toBe(newest);
        book.close();
      }),
      { numRuns: 30 },
    );
    const { book } = newBook();
    expect(book.newestMark('BTC/USDT', start)).toBeNull();
  });

  test('S33 a mark that is not what was written is refused and found', () => {
    const { book, epoch } = newBook();
    book.write(epoch, (tx) => tx.putMark(mark('61000', start)));
    book.driver.exec(`UPDATE book_marks SET price = '16000'`);
    expect(() => book.newestMark('BTC/USDT', start)).toThrow('is not what was written');
    expect(verifyChain(book).findings.map(({ code }) => code)).toEqual(['mark-damaged']);
  });

  test('S34 old marks are pruned by whole minutes', () => {
    const { book, epoch } = newBook();
    book.write(epoch, (tx) => {
      for (let index = 0; index < 5; index++) tx.putMark(mark('1', start + BigInt(index) * minute));
      expect(tx.pruneMarks(start + 2n * minute + 1n)).toBe(2);
    });
    expect(book.marks('BTC/USDT', start, start + 9n * minute)).toHaveLength(3);
  });
});

describe('the registry', () => {
  const perpetual = {
    ...instrumentFromName('bybit', 'BTC/USDT:USDT')!,
    tickSize: decimal('0.1'),
    validFrom: instant('2026-01-01T00:00:00Z'),
  };

  test('S35 keeps every version of an instrument, and the same one once', () => {
    const { book, epoch } = newBook();
    const later = { ...perpetual, multiplier: decimal('0.001'), validFrom: start };
    const put = (one: typeof perpetual) => book.write(epoch, (tx) => tx.putInstrument(one));
    expect([perpetual, perpetual, later, later].map(put)).toEqual([true, false, true, false]);
    expect(book.instruments()).toEqual([perpetual, later]);
    book.write(epoch, (tx) => tx.putCurrency({ kind: 'currency', currency: 'USDT', decimals: 8 }));
    expect(book.currencies()).toEqual([{ kind: 'currency', currency: 'USDT', decimals: 8 }]);
  });

  test('S36 refuses and finds an instrument that is not what was written', () => {
    const { book, epoch } = newBook();
    book.write(epoch, (tx) => tx.putInstrument(perpetual));
    book.driver.exec(`DROP TRIGGER book_instruments_no_update;
      UPDATE book_instruments SET content = replace(content, 'linear', 'inverse')`);
    expect(() => book.instruments()).toThrow('BTC/USDT:USDT is not what was written');
    const codes = verifyChain(book).findings.map(({ code }) => code);
    expect(codes).toEqual(['schema-changed', 'instrument-damaged']);
  });
});

describe('rows beside the entries', () => {
  test('S37 come back as they were touched last', () => {
    const { book, epoch, main } = newBook();
    const position = {
      pool: 'BTC',
      type: 'spot' as const,
      instrument: 'BTC/USDT',
      asset: 'BTC',
      leg: 'net',
      quantity: '0.5',
      averagePrice: null,
      costBasis: null,
      multiplier: '1',
      settle: 'USDT',
      realised: '0',
      fees: '[]',
      funding: null,
      openedAt: start + 1n,
      updatedAt: start + 2n,
    };
    const balance = { currency: 'USDT', total: '10.5', updatedAt: start };
    const order = {
      orderId: 'o1',
      instrument: 'BTC/USDT',
      side: 'buy',
      type: 'limit',
      quantity: '1',
      price: null,
      filled: '0.5',
      status: 'open',
      reduceOnly: true,
      clientOrderId: null,
      time: start,
      sequence: 7,
    };
    const record = { sequence: 8, time: start, totalValue: null, cash: '1', positionsValue: null };
    const page = { pool: 'BTC', page: 0, lastOrder: 'x', members: '[1]', state: '{}' };
    book.write(epoch, (tx) => {
      tx.touchPosition(main, { ...position, quantity: '1' });
      tx.touchPosition(main, position);
      tx.touchPosition(main, { ...position, pool: 'ETH' });
      tx.removePosition(main, 'ETH');
      tx.touchBalance(main, balance);
      tx.touchOrder(main, { ...order, status: 'new' });
      tx.touchOrder(main, order);
      tx.addPerformance(main, record);
      tx.addPerformance(main, { ...record, sequence: 9 });
      for (const number of [0, 1, 2]) tx.putPage(main, { ...page, page: number });
      tx.deletePagesFrom(main, 'BTC', 2);
    });
    expect(book.positions(main)).toEqual([position]);
    expect(book.balances(main)).toEqual([balance]);
    expect(book.orders(main)).toEqual([order]);
    expect(book.orders(main, { status: 'new' })).toEqual([]);
    expect(book.orders(main, { instrument: 'BTC/USDT' })).toEqual([order]);
    expect(book.ordersWithId(main, 'o1')).toEqual([order]);
    expect(book.performance(main, 1)).toEqual([{ ...record, sequence: 9 }]);
    expect(book.performance(main)).toHaveLength(2);
    expect(book.pages(main, 'BTC')).toEqual([page, { ...page, page: 1 }]);
    expect(book.pages(main, 'BTC', 1)).toHaveLength(1);
    expect(book.page(main, 'BTC', 2)).toBeNull();
  });

  test('S38 the fold of a stream comes back, and can be thrown away without its entries', () => {
    const { book, epoch, main } = newBook();
    const group = { pool: 'BTC', state: '{}', last: null, tail: '[1]', pageCount: 0 };
    const stream = { sequence: 1, foldVersion: 3, digest: 4_000_000_000, memory: '{}' };
    book.write(epoch, (tx) => {
      tx.putGroup(main, group);
      tx.putStream(main, stream);
    });
    expect(book.groups(main)).toEqual([group]);
    expect(book.stream(main)).toEqual(stream);
    book.write(epoch, (tx) => tx.clearFold(main));
    expect(book.groups(main)).toEqual([]);
    expect(book.stream(main)).toBeNull();
  });

  test('S39 texts are found by their hash, and can be removed', () => {
    const { book, epoch } = newBook();
    const hash = book.write(epoch, (tx) => tx.putText('wrong side\ud800'));
    expect(book.write(epoch, (tx) => tx.putText('wrong side\ufffd'))).toBe(hash);
    expect(book.text(hash)).toBe('wrong side\ufffd');
    expect(book.write(epoch, (tx) => tx.removeText(hash))).toBe(true);
    expect(book.text(hash)).toBeNull();
  });
});
