/** In which order things are kept, read and booked, and what is done at the same time. */
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../src/model/fact.ts';
import type { Keeping } from '../../../src/service/book.ts';
import { depositAt, fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

/** What is written, in order. */
function written(ground: Ground): { readonly facts: readonly Fact[]; readonly beside: Keeping }[] {
  const writes: { readonly facts: readonly Fact[]; readonly beside: Keeping }[] = [];
  const { book } = ground.held;
  const keep = book.keep.bind(book);
  book.keep = (facts, beside) => {
    writes.push({ facts, beside });
    return keep(facts, beside);
  };
  return writes;
}

describe('the order of booking', () => {
  test('LS90 executions and cash flows are booked side by side, as they happened', async () => {
    const ground = new Ground({ pageLength: 10 });
    const start = ground.clock.now();
    const hour = 3_600_000_000_000n;
    ground.venue.cashFlow(depositAt('first', start, '1000000'));
    for (let n = 0n; n < 200n; n += 1n) {
      ground.venue.fill(fillAt(`e${n}`, start + n * hour));
      if (n % 4n === 0n) ground.venue.cashFlow(depositAt(`d${n}`, start + n * hour, '1'));
    }
    await ground.pass(201 * 3_600_000);
    const writes = written(ground);
    await pulled(ground);
    let last = start;
    let mostLateBy = 0n;
    for (const { facts } of writes) {
      for (const fact of facts) {
        if (fact.kind !== 'fill' && fact.kind !== 'deposit') continue;
        if (last - fact.time > mostLateBy) mostLateBy = last - fact.time;
        if (fact.time > last) last = fact.time;
      }
    }
    // Never later than a page of the other list is long: ten deposits, four hours apart.
    expect(mostLateBy).toBeLessThanOrEqual(40n * hour);
    expect(ground.executionIds()).toHaveLength(200);
  });

  test('LS90 the next page is asked for while the one before it is booked', async () => {
    const ground = new Ground({ pageLength: 10 });
    for (let n = 0; n < 30; n += 1) ground.venue.fill(fillAt(`e${n}`, ground.clock.now()));
    await ground.pass(1_000);
    const asked: number[] = [];
    const { book } = ground.held;
    const keep = book.keep.bind(book);
    book.keep = (facts, beside) => {
      if (facts.some(({ kind }) => kind === 'fill')) asked.push(ground.venue.asked.executions);
      return keep(facts, beside);
    };
    await pulled(ground);
    // While the first page is booked the second was asked for; behind the last there is none.
    expect(asked).toEqual([2, 3, 3]);
  });

  test('LS91 nothing is read before it is kept; one commit keeps, and books the last', async () => {
    const ground = new Ground({ settings: { batchMax: 5 } });
    await ground.start();
    const writes = written(ground);
    const interpret = ground.venue.interpret.bind(ground.venue);
    const early: string[] = [];
    ground.venue.interpret = (stream, raw) => {
      const kept = ground.reader.file.messages(0, 1_000).map(({ text }) => text);
      if (!kept.includes(raw)) early.push(raw);
      return interpret(stream, raw);
    };
    for (let n = 0; n < 20; n += 1) ground.venue.tell(fillAt(`e${n}`, ground.clock.now()));
    for (let n = 0; n < 20; n += 1) await ground.pass(1);
    expect(early).toEqual([]);
    const ofStream = writes.filter(({ beside }) => beside.read !== undefined);
    const counts = ofStream.map(({ beside }) => [
      beside.read!.length,
      beside.messages?.length ?? 0,
    ]);
    // Every message is kept once and read once, in the write after the one that kept it.
    expect(counts.reduce((sum, [read]) => sum + read!, 0)).toBe(20);
    for (const [index, [read]] of counts.entries()) {
      if (read! > 0) expect(read).toBe(counts[index - 1]?.[1]);
    }
    expect(counts.some(([read, kept]) => read! > 0 && kept! > 0)).toBe(true);
    expect(ground.executionIds()).toHaveLength(20);
    await ground.stop();
  });
});
