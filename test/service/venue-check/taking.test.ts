/** How a statement is taken: how often it is asked, what is listed, noted, and by which clock. */
import { afterEach, describe, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { recordedStatement } from '../../../src/service/statement-file.ts';
import { takeVenueStatement } from '../../../src/service/venue-check/taking.ts';
import { at, balances, cash, closeDesks, fill, held, type Json, list } from '../reconcile/desk.ts';
import { noAnswer, openStand, Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const holds = (quantity: string, usdt: string, more: Json = {}): Json => ({
  positions: held(quantity === '0' ? [] : [{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
  balances: balances({ USDT: usdt }),
  orders: held([]),
  ...more,
});
const agrees = holds('1', '999.9');
/** Sold at 10:30: 0.4 of it at 100 for 0.1. The venue tells of the last hour only. */
const sold = fill('e2', { side: 'sell', quantity: '0.4', time: at('10:30') });
const afterSale = holds('0.6', '999.8');

describe('asking', () => {
  test('VC4 what failed once is asked again; a venue that throws gave no answer', async () => {
    const stand = new Stand((await openStand(deposit, fill('e1'))).desk, { tries: 3 });
    const again = { ...noAnswer('HTTP 502'), retry: true, retryAfterMs: 1 };
    expect((await stand.check(again, again, said(0, agrees))).reconciled.verdict).toBe('true');
    const other = await openStand(deposit);
    other.venue.statement = () => Promise.reject(new Error('socket hang up'));
    const checked = await other.check();
    expect(checked.reconciled.unknown[0]!.why).toBe('socket hang up');
  });

  test('VC4 what comes too late is no answer', async () => {
    const stand = new Stand((await openStand(deposit, fill('e1'))).desk, { answerMaxMs: 1_000 });
    stand.venue.statement = () => new Promise(() => undefined);
    const { signal } = new AbortController();
    // The second is not waited for.
    const clock = { now: () => stand.desk.clock.now(), after: immediately };
    const taken = await takeVenueStatement(stand.venue, { clock, signal, times: stand.times });
    expect(taken).toMatchObject({ why: 'no answer within 1 s', credentials: false });
  });

  test('VC4 since when nobody answers is said, and the last answer stays the newest', async () => {
    const stand = await openStand(deposit, fill('e1'));
    await stand.check(said(0, agrees));
    const asked = stand.desk.clock.now();
    for (const second of [30, 60, 90]) {
      stand.desk.clock.set(asked + BigInt(second) * 1_000_000_000n);
      const { reconciled, account } = await stand.check(noAnswer('HTTP 503'));
      expect(reconciled.unknown).toMatchObject([{ since: asked }, { since: asked }, {}]);
      expect(account).toMatchObject({ dataAgeSeconds: second, trueSince: null, gate: 'deny' });
    }
    const recorded = recordedStatement(stand.desk.reader.file, stand.desk.account());
    expect(recorded!.statement.positions!.items).toHaveLength(1);
    expect((await stand.check(said(120, agrees))).reconciled.verdict).toBe('true');
  });

  test('VC4 a key that is refused is told apart', async () => {
    const stand = await openStand(deposit);
    const compared = await stand.compared(noAnswer('invalid key', true));
    expect(compared.taken).toMatchObject({ why: 'invalid key', credentials: true });
  });

  test('VC2 a whole statement on record is the earlier snapshot of the next one', async () => {
    const stand = await openStand(deposit, fill('e1'));
    stand.venue.past = [deposit, fill('e1'), sold];
    const first = await stand.check(said(0, afterSale), said(10, afterSale));
    expect(first.reconciled.verdict).toBe('break');
    expect(stand.venue.asked.statement).toBe(2);
    expect((await stand.check(said(40, afterSale))).reconciled.verdict).toBe('break');
    expect(stand.venue.asked.statement).toBe(3);
  });
});

describe('coins', () => {
  const coins = (of: Readonly<Record<string, string>>) => ({ ...agrees, balances: balances(of) });

  test('VC21 those of the book and of the last whole statement are named', async () => {
    const stand = await openStand(
      deposit,
      fill('e1'),
      cash('deposit', 'd2', '7', { currency: 'XYZ' }),
    );
    await stand.check(said(0, coins({ USDT: '999.9', XYZ: '7', DUST: '3' })));
    expect(stand.venue.named).toEqual(['USDT', 'XYZ']);
    await stand.check(said(40, coins({ USDT: '999.9', XYZ: '7', DUST: '3' })));
    expect(stand.venue.named).toEqual(['DUST', 'USDT', 'XYZ']);
  });

  test('VC21 what the book has emptied since is not looked for', async () => {
    const stand = await openStand(
      deposit,
      fill('e1'),
      cash('deposit', 'd2', '7', { currency: 'XYZ' }),
    );
    await stand.check(said(0, coins({ USDT: '999.9', XYZ: '7' })));
    await stand.desk.tell(cash('withdrawal', 'w1', '7', { currency: 'XYZ', time: at('12:00') }));
    await stand.check(said(40, coins({ USDT: '999.9' })));
    expect(stand.venue.named).toEqual(['USDT']);
  });
});

describe('lists', () => {
  test('VC8 they go back to where the account was true last, and prove what is older', async () => {
    const stand = await openStand(deposit, fill('e1'));
    stand.venue.past = [deposit, fill('e1'), sold];
    const { reconciled } = await stand.check(said(0, afterSale), said(10, afterSale));
    const broken = reconciled.breaks[0]!;
    expect(broken).toMatchObject({ reason: 'FILL_MISSING', confidence: 'proven' });
    expect(broken.explanation.evidence).toMatchObject([{ id: 'e2', source: 'venue' }]);
    expect(broken.lines[0]).toMatchObject({ oursParty: 'book', theirsParty: 'venue' });
    // From the account's first fact, an overlap earlier.
    expect(reconciled.believed?.executions?.from).toBe(instant(at('07:59')));
  });

  test('VC8 they go back to what was told late of before the account was true', async () => {
    const stand = await openStand(deposit, fill('e1'));
    stand.venue.past = [deposit, fill('e1')];
    expect((await stand.check(said(0, agrees))).reconciled.verdict).toBe('true');
    // The fill of 09:00, once more and by another name.
    await stand.desk.tell(fill('x1'));
    const { reconciled } = await stand.check(said(70, agrees), said(80, agrees));
    expect(reconciled.breaks).toMatchObject([{ reason: 'FILL_DUPLICATED', confidence: 'proven' }]);
    expect(reconciled.believed?.executions?.from).toBe(instant(at('08:59')));
  });

  test('VC8 what is likely by the last hour is proven by a longer list', async () => {
    const stand = await openStand(deposit, fill('e1'), fill('x1'));
    stand.venue.past = [deposit, fill('e1')];
    const { reconciled } = await stand.check(said(70, agrees), said(80, agrees));
    expect(reconciled.breaks).toMatchObject([{ reason: 'FILL_DUPLICATED', confidence: 'proven' }]);
  });

  test('VC8 nothing more is listed where nothing differs', async () => {
    const stand = await openStand(deposit, fill('e1'));
    await stand.check(said(0, agrees));
    expect(stand.venue.asked).toEqual({ statement: 1, executions: 0, cashFlows: 0 });
  });

  test('VC8 a list that does not come to its end proves nothing', async () => {
    const stand = await openStand(deposit, fill('e1'));
    stand.venue.executions = async () => noAnswer('HTTP 500');
    const { reconciled } = await stand.check(said(0, afterSale), said(10, afterSale));
    expect(reconciled.verdict).toBe('break');
    expect(reconciled.breaks.map(({ confidence }) => confidence)).not.toContain('proven');
    expect(reconciled.plan.repairs).toEqual([]);
  });

  test('VC8 a venue that never lists all is true where it agrees, no proof else', async () => {
    const stand = await openStand(deposit, fill('e1'), fill('e9', { fee: '0', time: at('11:30') }));
    const { capabilities } = stand.venue;
    const partly = { complete: false, historyMs: null };
    stand.venue.capabilities = { ...capabilities, executions: partly };
    const error = 'this exchange does not list all of them';
    const executions = list([], { complete: false, error });
    const both = holds('2', '999.9', { executions });
    expect((await stand.check(said(0, both))).reconciled.verdict).toBe('true');
    const without = holds('1', '999.9', { executions });
    const checked = await stand.check(said(60, without), said(70, without));
    expect(checked.reconciled.breaks[0]!.confidence).not.toBe('proven');
    expect(checked.reconciled.unknown).toMatchObject([{ section: 'executions' }]);
  });
});

describe('one clock', () => {
  test.each([4, -4])('VC9 a venue whose clock is %i h off ages by ours', async (hours) => {
    const off = hours * 3_600;
    const time = (text: string) => {
      const moved = instant(at(text)) + BigInt(off) * 1_000_000_000n;
      return new Date(Number(moved / 1_000_000n)).toISOString();
    };
    const moved = fill('e1', { time: time('09:00') });
    const stand = await openStand({ ...deposit, time: time('08:00') }, moved);
    stand.venue.clockAheadMs = off * 1_000;
    const differs = holds('0.6', '999.9');
    const checked = await stand.check(said(off, differs), said(off + 10, differs));
    expect(checked.reconciled.verdict).toBe('break');
    expect(checked.account.dataAgeSeconds).toBe(0);
    // Ten seconds old by either clock: a fact may be on its way.
    const young = { ...moved, executionId: 'e2', fee: '0', time: time('12:00:10') };
    await stand.desk.tell(young);
    const again = holds('1', '999.9');
    const settling = await stand.check(said(off + 20, again), said(off + 30, again));
    expect(settling.reconciled.plan.leftAlone).toMatchObject([{ decision: 'watch' }]);
  });
});

describe('notes', () => {
  test('VC16 what is true is noted without prices and lists, and shortly again', async () => {
    const stand = await openStand(deposit, fill('e1'));
    const { account } = stand.desk.account();
    const lengths: number[] = [];
    for (const [index, markPrice] of ['100', '101', '102'].entries()) {
      const [position] = (agrees['positions'] as { items: Json[] }).items;
      const positions = held([{ ...position, markPrice, unrealisedPnl: markPrice }]);
      await stand.check(said(index * 30, { ...agrees, positions }));
      lengths.push(stand.desk.reader.file.lastOfKind(account, 'statement')!.body!.length);
    }
    expect(Math.max(...lengths.slice(1))).toBeLessThan(200);
    const noted = recordedStatement(stand.desk.reader.file, stand.desk.account())!.statement;
    expect(noted).toMatchObject({ venue: 'bybit', asOf: instant(at('12:01')), executions: null });
  });

  test('VC16 of a break the lists are noted, so that it can be looked at again', async () => {
    const stand = await openStand(deposit, fill('e1'));
    stand.venue.past = [deposit, fill('e1'), sold];
    await stand.check(said(0, afterSale), said(10, afterSale));
    const { executions } = recordedStatement(
      stand.desk.reader.file,
      stand.desk.account(),
    )!.statement;
    expect(executions?.items.map(({ executionId }) => executionId)).toContain('e2');
  });
});

const immediately = (_ms: number, work: () => void) => {
  const handle = setImmediate(work);
  return () => clearImmediate(handle);
};
