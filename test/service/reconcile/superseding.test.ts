/** What was inferred from a bot's orders gives way to the venue's own fills, on a real book. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { bookDocument } from '../../../src/report/book-document.ts';
import { automaticOf, switchRepairs } from '../../../src/service/policy/standing.ts';
import { markMaxAgeMs } from '../held-book.ts';
import {
  at,
  cash,
  closeDesks,
  type Desk,
  fill,
  held,
  type Json,
  list,
  open,
  openDesk,
  says,
  syncedOf,
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '100000');
const later = cash('interest', 'i1', '0', { time: at('11:00') });

/** As `adopt --source` books an order. */
const inferred = (id: string, changes: Json): Json => {
  const { fee: _, feeCurrency: __, ...rest } = fill(`order:${id}`, changes);
  return { ...rest, orderId: id, provisional: true };
};

/** What the venue says at noon where its books are those of the desk. */
function wordsOf(desk: Desk, executions: readonly Json[]): Json {
  const names = Object.entries(desk.holds());
  const isContract = ([name]: [string, string]) => name.includes(':');
  return says({
    positions: held(
      names
        .filter((one) => isContract(one) && one[1] !== '0')
        .map(([instrument, quantity]) => ({ instrument, leg: 'net', quantity })),
    ),
    balances: held(
      names.filter((one) => !isContract(one)).map(([currency, total]) => ({ currency, total })),
    ),
    executions: list(executions),
    cashFlows: list([deposit, later]),
  });
}

/** The book as a program reads it, without where it stands in the journal. */
function bytesOf(desk: Desk): string {
  const look = desk.reader.look(desk.account(), { asOf: null, knownAt: null, markMaxAgeMs });
  const { sequence: _, head: __, ...document } = bookDocument(look, { all: true });
  return JSON.stringify(document, null, 1);
}

const real = ['40', '20'].map((quantity, n) =>
  fill(`e${n}`, { quantity, orderId: 'o17', time: at(`09:00:0${n}`) }),
);
const order = inferred('o17', { quantity: '60' });

const truth = async (...executions: readonly Json[]): Promise<Json> =>
  wordsOf(await openDesk(deposit, ...executions, later), executions);

describe('P9 P10 P13 adopted, and then told by the venue', () => {
  const row = fc.record({
    instrument: fc.constantFrom('BTC/USDT:USDT', 'AGI/USDT:USDT', 'BTC/USDT'),
    parts: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 }),
    sells: fc.boolean(),
    feesKnown: fc.boolean(),
    minute: fc.integer({ min: 0, max: 59 }),
    /** Whether the venue's are booked by then, before or after, or only listed. */
    arrives: fc.constantFrom('before', 'after', 'listed'),
  });

  test('P13 adopt, update and sync give the books of update alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        const all = rows.map(({ instrument, parts, sells, feesKnown, minute, arrives }, n) => {
          // Spot is only bought: a short of coins is another story.
          const side = sells && instrument !== 'BTC/USDT' ? 'sell' : 'buy';
          const time = (s: number) => at(`09:${String(minute).padStart(2, '0')}:1${s}`);
          const base = { instrument, side, orderId: `o${n}`, price: String(100 + n) };
          const fills = parts.map((quantity, part) =>
            fill(`e${n}-${part}`, { ...base, quantity: String(quantity), time: time(part) }),
          );
          const quantity = String(parts.reduce((sum, part) => sum + part, 0));
          const guess = inferred(`o${n}`, { ...base, quantity, time: time(0) });
          return { arrives, fills, guess: feesKnown ? { ...guess, fees: [] } : guess };
        });
        const told = (when: string) =>
          all.flatMap((one) => (one.arrives === when ? one.fills : []));
        const fills = all.flatMap((one) => one.fills);
        const alone = await openDesk(deposit, ...fills, later);
        const guesses = all.map(({ guess }) => guess);
        const both = await openDesk(
          deposit,
          ...told('before'),
          ...guesses,
          ...told('after'),
          later,
        );
        const words = wordsOf(alone, fills);
        const result = await both.apply(words, { auto: true });
        expect(result.exitCode).toBe(0);
        expect(bytesOf(both)).toBe(bytesOf(alone));
        const { head } = both;
        expect((await both.apply(words, { auto: true })).exitCode).toBe(0);
        expect(both.head).toBe(head);
        await closeDesks();
      }),
      { numRuns: 12 },
    );
  });
});

describe('a provisional fill and the venue’s own', () => {
  test('P9 the reversal names it, comes back after undo, and is not made twice', async () => {
    const desk = await openDesk(deposit, order, ...real, later);
    const words = await truth(...real);
    const before = desk.head;
    expect((await desk.apply(words, { auto: true })).exitCode).toBe(0);
    expect(desk.kinds(before).filter((kind) => kind === 'reversal')).toHaveLength(1);
    expect(desk.holds()).toMatchObject({ 'BTC/USDT:USDT': '60' });
    const { account } = desk.account();
    const [reversal] = desk.reader.file.entriesOfKind(account, 'reversal');
    const [named] = desk.reader.file.entriesAt(account, [reversal!.causedBy!]);
    expect(named!.id).toBe('order:o17');
    expect(await desk.undo(reversal!.sequence)).toMatchObject({ ok: true });
    expect(desk.holds()).toMatchObject({ 'BTC/USDT:USDT': '120' });
    const again = await desk.apply(words, { auto: true });
    expect(again.exitCode).toBe(0);
    expect(syncedOf(again).applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(desk.holds()).toMatchObject({ 'BTC/USDT:USDT': '60' });
    const { head } = desk;
    await desk.apply(words, { auto: true });
    expect(desk.head).toBe(head);
  });

  test('P9 it counts for no limit of what is taken back, and is noted as what it is', async () => {
    const desk = await openDesk(deposit, order, ...real, later);
    const words = await truth(...real);
    await desk.apply(words, { auto: true });
    const { account } = desk.account();
    const noted = desk.reader.file.entriesOfKind(account, 'break').map(({ body }) => body ?? '');
    expect(noted.some((body) => body.includes('"kind":"superseding"'))).toBe(true);
    expect(noted.some((body) => body.includes('"kind":"taking-back"'))).toBe(false);
    const { spent } = automaticOf(desk.reader.file, account, desk.clock.now());
    expect(spent('taking-back').count).toBe(0);
  });

  test('P9 a stop makes it wait for a person', async () => {
    const desk = await openDesk(deposit, order, ...real, later);
    const words = await truth(...real);
    await switchRepairs(desk.reader.file, desk.writer, desk.account(), {
      ...{ stopped: true, reason: 'drill', at: desk.clock.now(), by: 'ann' },
    });
    expect((await desk.apply(words, { auto: true })).exitCode).toBe(3);
    expect(desk.holds()).toMatchObject({ 'BTC/USDT:USDT': '120' });
  });

  test('P14 the book alone names it with its repair, and a statement takes it over', async () => {
    const desk = await openDesk(deposit, order, ...real, later);
    const alone = await desk.check(null);
    expect(alone.reconciled.verdict).toBe('break');
    const [found] = open(alone);
    expect(found).toMatchObject({ reason: 'FILL_DUPLICATED', confidence: 'proven' });
    expect(found!.explanation.sentence).toContain('(order:o17) is 2 fills of order o17 (e0, e1)');
    expect(alone.reconciled.plan.repairs).toMatchObject([
      { breakId: found!.id, kind: 'superseding', entries: [{ action: 'reverse' }] },
    ]);
    const words = await truth(...real);
    const beside = open(await desk.check(words));
    expect(beside.map(({ id }) => id)).toEqual([found!.id]);
    // Alone again it is the same break, and no second one.
    expect(open(await desk.check(null)).map(({ id }) => id)).toEqual([found!.id]);
    const result = await desk.apply(words, { auto: true });
    expect(syncedOf(result).applied).toMatchObject([{ break: found!.id, state: 'VERIFIED' }]);
    expect((await desk.check(null)).reconciled.verdict).toBe('true');
  });

  test('P14 a part of its order is unknown to the book alone, and no break', async () => {
    const desk = await openDesk(deposit, order, real[0]!, later);
    const { reconciled } = await desk.check(null);
    expect(reconciled).toMatchObject({ verdict: 'cannot-say', breaks: [] });
    expect(reconciled.unknown.map(({ scope }) => scope)).toContain('order:o17');
  });

  test('P14 an adopted book that the venue told nothing of is as it was', async () => {
    const desk = await openDesk(deposit, { ...order, fees: [] }, later);
    expect((await desk.check(null)).reconciled.verdict).toBe('true');
  });
});

describe('P12 without an id in common, on a real book', () => {
  const nameless = { ...order, orderId: null, fees: [] };

  test('P12 an order that is alike needs a person', async () => {
    const desk = await openDesk(deposit, nameless, ...real, later);
    const { reconciled } = await desk.check(null);
    expect(reconciled.plan.repairs).toMatchObject([{ kind: 'superseding', needsApproval: true }]);
    expect(open(await desk.check(null))).toMatchObject([{ confidence: 'likely' }]);
  });

  test('P12 fills of the order that are of another minute are seen, too', async () => {
    const more = fill('e9', { orderId: 'o17', time: at('09:30') });
    const desk = await openDesk(deposit, nameless, ...real, more, later);
    expect((await desk.check(null)).reconciled.verdict).toBe('true');
  });
});

describe('P15 one fill under two forms of its id', () => {
  const stream = fill('TQ7K-88231');
  const history = fill('88231');

  async function rekeyed(desk: Desk, words: Json): Promise<void> {
    const { plan, repairs } = syncedOf(await desk.sync(words));
    expect(repairs).toMatchObject([
      { needsApproval: true, entries: [{ action: 'reverse' }, { action: 'book', id: '88231' }] },
    ]);
    // What is taken back was the venue's word, too: a person agrees.
    expect((await desk.apply(words, { auto: true })).exitCode).toBe(3);
    expect(await desk.approve(repairs[0]!.break, plan)).toMatchObject({ ok: true });
    const result = await desk.apply(words);
    expect(result.exitCode).toBe(0);
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
  }

  const idsInForce = (desk: Desk) =>
    [...desk.reader.factsInForce(desk.account())].flatMap(({ fact }) =>
      fact.kind === 'fill' ? [fact.executionId] : [],
    );

  test('P15 it is reversed and booked under the listed one, and nothing held moves', async () => {
    const desk = await openDesk(deposit, stream, later);
    const before = bytesOf(desk);
    const words = await truth(history);
    const [found] = open(await desk.check(words));
    expect(found).toMatchObject({ reason: 'FILL_MISAPPLIED', confidence: 'proven' });
    expect(found!.explanation.sentence).toContain('an id that the venue does not know');
    await rekeyed(desk, words);
    expect(idsInForce(desk)).toEqual(['88231']);
    expect(bytesOf(desk)).toBe(before);
    const { head } = desk;
    expect((await desk.apply(words)).exitCode).toBe(0);
    expect(desk.head).toBe(head);
  });

  test('P15 undone it has its first id again, and is re-keyed without a copy', async () => {
    const desk = await openDesk(deposit, stream, later);
    const words = await truth(history);
    await rekeyed(desk, words);
    const { account } = desk.account();
    const [reversal] = desk.reader.file.entriesOfKind(account, 'reversal');
    const booked = desk.reader.file.fillsWithId(account, '88231')[0]!;
    expect(await desk.undo(reversal!.sequence)).toMatchObject({ ok: true });
    expect(await desk.undo(booked.sequence)).toMatchObject({ ok: true });
    expect(idsInForce(desk)).toEqual(['TQ7K-88231']);
    await rekeyed(desk, words);
    expect(idsInForce(desk)).toEqual(['88231']);
    expect(desk.kinds().filter((kind) => kind === 'fill')).toHaveLength(2);
  });

  test('P15 both forms booked and one listed: the other was counted twice', async () => {
    const desk = await openDesk(deposit, stream, history, later);
    const words = await truth(history);
    expect(open(await desk.check(words))).toMatchObject([
      { reason: 'FILL_DUPLICATED', confidence: 'proven' },
    ]);
    const { plan, repairs } = syncedOf(await desk.sync(words));
    expect(await desk.approve(repairs[0]!.break, plan)).toMatchObject({ ok: true });
    expect((await desk.apply(words)).exitCode).toBe(0);
    expect(idsInForce(desk)).toEqual(['88231']);
  });

  test('P15 two alike of one second keep their number', async () => {
    const two = [fill('TQ7K-88231'), fill('TQ7K-88232')];
    const desk = await openDesk(deposit, ...two, later);
    const words = await truth(fill('88231'), fill('88232'));
    const { plan, repairs } = syncedOf(await desk.sync(words));
    for (const one of repairs) await desk.approve(one.break, plan);
    expect((await desk.apply(words)).exitCode).toBe(0);
    expect(idsInForce(desk).sort()).toEqual(['88231', '88232']);
  });
});
