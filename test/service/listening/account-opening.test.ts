import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Opening } from '../../../src/model/fact.ts';
import type { Statement } from '../../../src/model/statement.ts';
import { openAccount } from '../../../src/service/listening/account-opening.ts';
import { VenueRefused } from '../../../src/service/venues/refused.ts';
import { changeCashFlows, leaveOut, tellExecutions } from './changed-pages.ts';
import { type FakeVenue, failed } from './fake-venue.ts';
import { accountFact, depositAt, fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

const perpetual = 'BTC/USDT:USDT';
const day = 24 * 3_600_000;

/** Traded for a day, of which the venue lists only the last hour. */
async function old(): Promise<Ground> {
  const ground = new Ground({
    capabilities: { executions: forgets, cashFlows: forgets },
  });
  const { venue, clock } = ground;
  // The fake takes 120,000 for the contract, and 0.03: 99,999.97 are left.
  venue.cashFlow(depositAt('d1', clock.now(), '220000'), false);
  venue.fill(fillAt('e1', clock.now(), { instrument: perpetual, quantity: decimal('2') }));
  await ground.pass(day);
  forgetBefore(venue, clock.now() - 3_600_000_000_000n);
  return ground;
}

const forgets = { complete: true, historyMs: 3_600_000 };

function forgetBefore(venue: FakeVenue, first: bigint): void {
  const [executions, cashFlows] = [venue.executions.bind(venue), venue.cashFlows.bind(venue)];
  const later = (since: bigint | null) => (since === null || since < first ? first : since);
  venue.executions = (cursor, since) => executions(cursor, later(since));
  venue.cashFlows = (cursor, since) => cashFlows(cursor, later(since));
}

async function opened(ground: Ground): Promise<Opening> {
  const { venue, reader, clock } = ground;
  const { signal } = new AbortController();
  const parts = { venue, keeper: ground.held.book, reader, account: accountFact };
  let ended = false;
  const running = openAccount(parts, { clock, signal, tries: 2 }).finally(() => {
    ended = true;
  });
  const done = running.catch(() => null);
  for (let turn = 0; !ended && turn < 60; turn += 1) await ground.pass(1_000);
  await done;
  return running;
}

/** Asked for the nth time, the statement is changed. */
function changing(venue: FakeVenue, change: (said: Statement, times: number) => Statement): void {
  const statement = venue.statement.bind(venue);
  let times = 0;
  venue.statement = async () => {
    const answer = await statement();
    times += 1;
    if (answer.status !== 'answered') return answer;
    return { status: 'answered', value: change(answer.value, times) };
  };
}

describe('an account that is begun with what it holds', () => {
  test('LS84 holds that, with unknown costs, and everything that happens afterwards', async () => {
    const ground = await old();
    const { venue, clock } = ground;
    const { balances, positions, time } = await opened(ground);
    expect(balances.map(({ total, cost }) => [toText(total), cost])).toEqual([['99999.97', null]]);
    expect(positions).toMatchObject([{ instrument: perpetual, averagePrice: null, lots: null }]);
    await ground.pass(60_000);
    const closing = { instrument: perpetual, side: 'sell', quantity: decimal('0.5') } as const;
    venue.fill(fillAt('e2', clock.now(), { ...closing, orderId: 'o1' }));
    await ground.pass(1_000);
    const { exitCode, gaps, lacking, sections } = await pulled(ground);
    expect({ exitCode, gaps, lacking }).toEqual({ exitCode: 0, gaps: [], lacking: null });
    expect(sections.map(({ since }) => since)).toEqual([time, time]);
    expect(ground.positions()).toEqual(new Map([[perpetual, '1.5']]));
    expect(ground.executionIds()).toEqual(['e2']);
  });

  test('LS84 what it contains is not booked again, however far back is listed', async () => {
    const ground = await old();
    ground.venue.fill(fillAt('e2', ground.clock.now(), { instrument: perpetual }));
    await ground.pass(5_000);
    await opened(ground);
    const { tally } = await pulled(ground);
    expect(tally.booked).toBe(0);
    expect(ground.positions()).toEqual(new Map([[perpetual, '2.5']]));
  });

  test('LS84 an account that moves for a moment is begun when it holds still', async () => {
    const ground = await old();
    const { venue, clock } = ground;
    changing(venue, (said, times) => {
      if (times === 1) venue.cashFlow(depositAt('d2', clock.now(), '5'), false);
      return said;
    });
    const { balances } = await opened(ground);
    expect(toText(balances[0]!.total)).toBe('100004.97');
  });
});

describe('an account that is not begun', () => {
  const nothing = (ground: Ground) =>
    expect(ground.reader.file.accountNamed('main')?.account ?? null).toBeNull();
  const refusalOf = async (ground: Ground) => {
    const error = await opened(ground).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VenueRefused);
    const { exitCode, refusal } = error as VenueRefused;
    return [exitCode, refusal.code, refusal.message];
  };

  test('LS85 facts are booked already', async () => {
    const ground = await old();
    await pulled(ground, undefined, 0n);
    ground.venue.fill(fillAt('e9', ground.clock.now()));
    await ground.pass(1_000);
    await pulled(ground);
    expect(await refusalOf(ground)).toEqual([
      2,
      'account-begun',
      expect.stringContaining('the account main has facts already, at 2026-11-2'),
    ]);
  });

  test('LS85 it is begun only once', async () => {
    const ground = await old();
    await opened(ground);
    expect((await refusalOf(ground)).slice(0, 2)).toEqual([2, 'account-begun']);
  });

  test('LS85 a part of the statement is incomplete', async () => {
    const ground = await old();
    changing(ground.venue, (said) => ({
      ...said,
      positions: { ...said.positions!, complete: false, error: 'a page is missing' },
    }));
    expect(await refusalOf(ground)).toEqual([
      ...[5, 'statement-incomplete', 'positions of fake are incomplete: a page is missing'],
    ]);
    nothing(ground);
  });

  test('LS85 the account never holds still', async () => {
    const ground = await old();
    const { venue, clock } = ground;
    changing(venue, (said, times) => {
      venue.cashFlow(depositAt(`m${times}`, clock.now(), '1'), false);
      return said;
    });
    const [code, name, message] = await refusalOf(ground);
    expect([code, name]).toEqual([5, 'account-moves']);
    expect(message).toMatch(/hold still: USDT was 10000\d\.97 and is 10000\d\.97$/);
    nothing(ground);
  });

  test('LS85 its statement stands still', async () => {
    const ground = await old();
    const asOf = ground.clock.now();
    changing(ground.venue, (said) => ({ ...said, asOf }));
    expect((await refusalOf(ground))[1]).toBe('account-moves');
    nothing(ground);
  });

  test.each([
    [failed('invalid key', true), [4, 'venue-credentials']],
    [failed('502 of a fake'), [5, 'statement-failed']],
  ] as const)('LS85 the venue does not answer: $why', async (answer, expected) => {
    const ground = await old();
    ground.venue.statement = async () => answer;
    expect((await refusalOf(ground)).slice(0, 2)).toEqual(expected);
    nothing(ground);
  });
});

describe('a first listing', () => {
  test('LS86 that does not add up to what the account holds says what it lacks', async () => {
    const ground = await old();
    const { exitCode, lacking, gaps } = await pulled(ground);
    expect({ exitCode, lacking }).toEqual({ exitCode: 5, lacking: '99999.97 of 99999.97 USDT' });
    expect(gaps.map(({ stream, from, why }) => [stream, from, why])).toEqual([
      ['executions', null, 'the venue lists nothing so old'],
      ['cash-flows', null, 'the venue lists nothing so old'],
    ]);
    // It stays so: what was forgotten comes back with nobody.
    expect(await pulled(ground)).toMatchObject({ exitCode: 5, lacking: null, gaps });
  });

  test('LS37 after which the book holds more than the account is not whole', async () => {
    const ground = new Ground({ capabilities: { executions: forgets, cashFlows: forgets } });
    const { venue, clock } = ground;
    const traded = { quantity: decimal('1'), price: decimal('1000'), fees: [] };
    venue.fill(fillAt('bought', clock.now(), traded));
    await ground.pass(day);
    forgetBefore(venue, clock.now() - 3_600_000_000_000n);
    venue.fill(fillAt('sold', clock.now(), { ...traded, side: 'sell' }));
    await ground.pass(1_000);
    expect(await pulled(ground)).toMatchObject({ exitCode: 5, lacking: '1 of 0 BTC' });
  });

  test.for([
    ['and the log tells of it', true, null],
    ['and the log does not either', false, '0.5 of 0.5 BTC'],
  ] as const)('LS36 to which an execution comes late, %s, is whole once it came', async (row) => {
    const [, isTold, lacking] = row;
    const ground = new Ground({ capabilities: { executions: forgets, cashFlows: forgets } });
    const { venue, clock } = ground;
    venue.cashFlow(depositAt('d1', clock.now()));
    venue.fill(fillAt('e1', clock.now()));
    await ground.pass(1_000);
    const hidden = leaveOut(venue, 'e1');
    if (isTold) tellExecutions(venue);
    expect(await pulled(ground)).toMatchObject({ exitCode: 5, lacking });
    await ground.pass(60_000);
    expect(await pulled(ground)).toMatchObject({ exitCode: 5 });
    hidden.clear();
    await ground.pass(60_000);
    expect(await pulled(ground)).toMatchObject({ exitCode: 0, lacking: null, gaps: [] });
    expect(ground.balances()).toEqual(venue.balances());
  });

  test('LS36 of which a row cannot be read is judged when it can be', async () => {
    const ground = await old();
    let faults = ['a row'];
    changeCashFlows(ground.venue, (page) => ({ ...page, faults }));
    expect(await pulled(ground)).toMatchObject({ exitCode: 5, lacking: null });
    faults = [];
    await ground.pass(60_000);
    const { exitCode, lacking, gaps } = await pulled(ground);
    expect({ exitCode, lacking }).toEqual({ exitCode: 5, lacking: '99999.97 of 99999.97 USDT' });
    expect(gaps.map(({ why }) => why)).toEqual(Array(2).fill('the venue lists nothing so old'));
  });

  test('LS86 that adds up is the whole account', async () => {
    const ground = new Ground({ capabilities: { executions: forgets, cashFlows: forgets } });
    ground.venue.cashFlow(depositAt('d1', ground.clock.now()));
    await ground.pass(1_000);
    expect(await pulled(ground)).toMatchObject({ exitCode: 0, lacking: null, gaps: [] });
  });

  test('LS86 beside which the account moves proves nothing', async () => {
    const ground = new Ground({ capabilities: { executions: forgets, cashFlows: forgets } });
    const { venue, clock } = ground;
    changing(venue, (said, times) => {
      const total = decimal(String(times));
      const item = { currency: 'USDT', total, available: null, equity: null, borrowed: null };
      return { ...said, balances: { ...said.balances!, items: [item] } };
    });
    venue.cashFlow(depositAt('d1', clock.now()));
    await ground.pass(1_000);
    expect(await pulled(ground)).toMatchObject({ exitCode: 0, lacking: null, gaps: [] });
  });
});
