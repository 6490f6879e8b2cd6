import { describe, expect, test } from 'vitest';
import { canonicalLine, genesisHash } from '../../src/journal/chain.ts';
import { factOf } from '../../src/journal/codec.ts';
import { keyOf } from '../../src/journal/key.ts';
import { append, fill, fillDraft, fillUp, newBook, sequences } from './new-book.ts';

describe('entries', () => {
  test('S1 an entry comes back column by column as it was written', () => {
    const test = newBook();
    const drafts = [
      fillDraft(1, { time: 1768212930123456789n, strategy: 'trend', fees: null }),
      fillDraft(2, { orderId: null, fees: [], side: 'sell', leg: 'short' }),
      { ...fillDraft(3), kind: 'reversal' as const, instrument: null, side: null, leg: null },
    ].map((draft, index) => ({ ...draft, causedBy: index === 2 ? 1 : null }));
    append(test, test.main, drafts);
    const rows = [...test.book.entries(test.main)];
    expect(rows).toEqual(drafts.map((draft, index) => ({ ...draft, sequence: index + 1 })));
    expect(factOf(rows[0]!, 'main')).toMatchObject({ time: 1768212930123456789n });
  });

  test('S2 a known key is absorbed without a trace, whatever else differs', () => {
    const test = newBook();
    expect(append(test, test.main, [fillDraft(1), fillDraft(2), fillDraft(1)])).toBe(2);
    expect(append(test, test.main, [fillDraft(2, { orderId: 'other' })])).toBe(0);
    expect(append(test, test.main, [fillDraft(2, { side: 'sell' })])).toBe(1);
    expect(test.book.head(test.main).sequence).toBe(3);
  });

  test('S3 the same key is another entry in another account', () => {
    const test = newBook();
    const other = test.book.write(test.epoch, (tx) =>
      tx.addAccount('other', { ...test.book.accounts()[0]! }),
    );
    append(test, test.main, [fillDraft(1)]);
    expect(append(test, other, [fillDraft(1)])).toBe(1);
    expect(test.book.accounts().map(({ name }) => name)).toEqual(['main', 'other']);
    expect(test.book.accountNamed('other')?.account).toBe(other);
  });

  test('S4 entries are read in sequence order, by range, list, key and target', () => {
    const test = newBook();
    fillUp(test, 3, 1000);
    const { book, main } = test;
    expect(sequences(book.entries(main))).toEqual(Array.from({ length: 3000 }, (_, i) => i + 1));
    expect(sequences(book.entries(main, 998, 1003))).toEqual([999, 1000, 1001, 1002, 1003]);
    expect(sequences(book.entries(main, 3000))).toEqual([]);
    expect(sequences(book.entriesAt(main, [7, 3, 9999]))).toEqual([7, 3]);
    expect(book.find(main, keyOf(fill(1500)))?.sequence).toBe(1500);
    expect(book.find(main, keyOf(fill(1500, { side: 'sell' })))).toBeNull();
    book.write(test.epoch, (tx) => {
      tx.addAmendment(main, 7, 2000);
      tx.addAmendment(main, 7, 1000);
      tx.addAmendment(main, 8, 2001);
    });
    expect(sequences(book.amendmentsOf(main, 7))).toEqual([1000, 2000]);
    expect(book.amendedTargets(main)).toEqual(new Set([7, 8]));
  });

  test('S66 a list that is read goes on where it was, whoever begins to read it meanwhile', () => {
    const test = newBook();
    const breaks = [1, 2, 3].map((n) => ({ ...fillDraft(n), kind: 'break' as const, id: `B${n}` }));
    append(test, test.main, breaks);
    const read = () => test.book.entriesOfKindBackwards(test.main, 'break');
    const seen: string[] = [];
    for (const outer of read()) {
      for (const inner of read()) {
        seen.push(`${outer.id} ${inner.id}`);
        if (inner.id === 'B2') break;
      }
    }
    expect(seen).toEqual(['B3 B3', 'B3 B2', 'B2 B3', 'B2 B2', 'B1 B3', 'B1 B2']);
  });

  test('S4 the earliest of what was told, or taken back, behind an entry is found', () => {
    const test = newBook();
    const at = (seconds: number) => 1_768_212_930_000_000_000n + BigInt(seconds) * 1_000_000_000n;
    const reversal = { ...fillDraft(4), kind: 'reversal' as const, effectiveAt: at(90) };
    append(test, test.main, [
      ...[fillDraft(1, { time: at(10) }), fillDraft(2, { time: at(40) })],
      ...[fillDraft(3, { time: at(30) }), { ...reversal, causedBy: 1 }],
    ]);
    const earliest = (after: number) => test.book.earliestTold(test.main, after, ['fill']);
    expect([0, 1, 2, 3, 4].map(earliest)).toEqual([at(10), at(10), at(10), at(10), null]);
    append(test, test.main, [fillDraft(5, { time: at(20) }), fillDraft(6, { time: at(80) })]);
    expect([3, 4, 5].map(earliest)).toEqual([at(10), at(20), at(80)]);
    expect(test.book.earliestTold(test.main, 0, ['deposit'])).toBeNull();
  });

  test.each([
    ['UPDATE book_entries SET price = 1'],
    ['DELETE FROM book_entries'],
    ['UPDATE book_batches SET hash = 1'],
    ['DELETE FROM book_batches'],
    [`UPDATE book_instruments SET content = '{}'`],
  ])('S5 the file itself refuses to change history: %s', (sql) => {
    const test = newBook();
    fillUp(test, 1, 3);
    test.book.write(test.epoch, (tx) =>
      tx.putInstrument({
        venue: 'paper',
        name: 'BTC/USDT',
        symbol: null,
        type: 'spot',
        class: 'crypto',
        base: 'BTC',
        quote: 'USDT',
        settle: 'USDT',
        multiplier: { coefficient: 1, scale: 0 },
        tickSize: null,
        lotSize: null,
        validFrom: null,
      }),
    );
    expect(() => test.book.driver.exec(sql)).toThrow('append-only');
  });
});

describe('batches', () => {
  test('S6 the head is the last batch, and zeros before the first', () => {
    const test = newBook();
    const { book, main } = test;
    expect(book.head(main)).toEqual({ sequence: 0, hash: genesisHash, recordedAt: null });
    fillUp(test, 2, 3);
    const batches = [...book.batches(main)];
    expect(batches.map((one) => [one.firstSequence, one.lastSequence])).toEqual([
      [1, 3],
      [4, 6],
    ]);
    const { hash, recordedAt } = batches[1]!;
    expect(book.head(main)).toEqual({ sequence: 6, hash, recordedAt });
    expect([...book.batches(main, 4)]).toEqual([batches[1]]);
  });

  test('S7 recorded time never goes back, even when the clock does', () => {
    const test = newBook();
    append(test, test.main, [fillDraft(1)]);
    const before = test.book.head(test.main).recordedAt;
    test.clock.advance(-3_600_000);
    append(test, test.main, [fillDraft(2)]);
    expect(test.book.head(test.main).recordedAt).toBe(before);
  });

  test('S8 a gap in the sequence and an entry without a batch are bugs', () => {
    const { book, epoch, main, clock } = newBook();
    const row = { ...fillDraft(1), sequence: 1 };
    const gap = () =>
      book.write(epoch, (tx) => {
        tx.insertEntry(main, row);
        tx.insertEntry(main, { ...fillDraft(2), sequence: 3 });
      });
    expect(gap).toThrow('entry 3 where 2 is next');
    expect(() => book.write(epoch, (tx) => tx.insertEntry(main, row))).toThrow('without a batch');
    expect(() => book.write(epoch, (tx) => tx.sealBatch(main, clock.now()))).toThrow('invariant');
    expect(() => book.write(epoch, (tx) => tx.insertEntry(9, row))).toThrow('no account');
    expect(sequences(book.entries(main))).toEqual([]);
    book.write(epoch, (tx) => {
      tx.insertEntry(main, row);
      tx.sealBatch(main, clock.now());
    });
    expect(canonicalLine([...book.entries(main)][0]!)).toBe(canonicalLine(row));
  });
});
