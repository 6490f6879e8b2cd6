/** The last entry about an account itself, held against a walk through all of them. */
import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fact } from '../../../src/model/fact.ts';
import { draft, draftOfReversal, factSequence } from '../../../src/service/reconcile-entries.ts';
import { holdBook } from '../held-book.ts';

test('N3 N19 the last fact is found behind notes, conflicts and what settles them', async () => {
  const held = holdBook();
  const { book, file, clock } = held;
  const time = clock.now();
  const fill = (n: number, price = '100'): Fact => ({
    ...{ kind: 'fill', account: 'main', instrument: 'BTC/USDT', executionId: `f${n}`, time },
    ...{ orderId: null, clientOrderId: null, strategy: null, cause: 'trade', venueSequence: null },
    ...{ side: 'buy', leg: 'net', liquidity: null, fees: [], provisional: false },
    ...{ quantity: decimal('1'), price: decimal(price) },
  });
  let notes = 0;
  const noted = async () => {
    notes += 1;
    const entries = [{ draft: draft('source-write', `n${notes}`, time, { body: '{}' }) }];
    await book.apply({ account: 'main', expectedSequence: null, entries });
  };
  const reversed = (target: number) =>
    book.apply({
      ...{ account: 'main', expectedSequence: null },
      entries: [{ draft: draftOfReversal(target, time, 'settled') }],
    });
  const said: number[] = [];
  const seen = () => {
    const { account } = file.accountNamed('main')!;
    const rows = [...file.entries(account)];
    const about = rows.filter(({ kind, causedBy }) => {
      const target = rows.find(({ sequence }) => sequence === causedBy);
      const settles = kind === 'reversal' && target?.kind === 'conflict';
      return !['source-write', 'conflict'].includes(kind) && !settles;
    });
    said.push(factSequence(file, account));
    expect(said.at(-1)).toBe(about.at(-1)!.sequence);
    return rows.at(-1)!.sequence;
  };

  await book.record({
    ...{ kind: 'account', account: 'main', venue: 'manual', currency: 'USDT' },
    ...{ costMethod: 'average', feesInCost: false, mode: 'live', positionMode: 'net', time },
  });
  await noted();
  seen(); // no fact has moved the books
  await book.record(fill(1));
  const first = seen();
  await noted();
  seen();
  await book.record(fill(1, '101')); // a conflict
  await reversed(seen());
  await noted();
  seen();
  await reversed(first);
  seen();
  await noted();
  await book.record(fill(2));
  await noted();
  seen();
  expect(new Set(said).size).toBe(4);
  held.die();
});
