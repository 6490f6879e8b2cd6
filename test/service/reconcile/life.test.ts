import { afterEach, describe, expect, test } from 'vitest';
import { documentOf } from '../../../src/service/reconciling.ts';
import {
  at,
  balances,
  breaksOf,
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
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const document = says({
  positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '1' }]),
  balances: balances({ USDT: '999.9' }),
  executions: list([fill('e1')]),
  cashFlows: list([deposit]),
});

/** What a check of this document ends with. */
async function codeOf(desk: Desk, said: Json | null): Promise<number> {
  const { account } = await desk.check(said);
  const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
  return documentOf([account], [desk.compared(said)], desk.options(), shown).exitCode;
}

describe('an open break', () => {
  const silences: readonly (readonly [string, Json])[] = [
    ['says nothing about it', says({})],
    ['lists none of it, and is incomplete', says({ balances: balances({}, { complete: false }) })],
    ['failed', says({ balances: balances({}, { complete: false, error: 'HTTP 503' }) })],
    ['speaks of something else', says({ balances: balances({}, { scope: ['BTC/EUR'] }) })],
    [
      'lists half of it',
      says({ balances: balances({ USDT: '1000' }), positions: held([], { complete: false }) }),
    ],
  ];

  test.each(silences)('Y9 it stays when a statement %s', async (_, silent) => {
    const desk = await openDesk(deposit);
    const [before] = open(await desk.check(document));
    const after = open(await desk.check(silent));
    expect(after).toMatchObject([{ id: before!.id, state: 'EXPLAINED' }]);
    expect(await codeOf(desk, silent)).toBe(3);
  });

  test('Y9 it stays when the book is checked alone', async () => {
    const desk = await openDesk(deposit);
    const before = open(await desk.check(document));
    expect(open(await desk.check(null))).toEqual(before);
    expect(await codeOf(desk, null)).toBe(3);
  });

  test('Y9 it clears by itself when the fact arrives and a statement agrees', async () => {
    const desk = await openDesk(deposit);
    const [before] = open(await desk.check(document));
    await desk.tell(fill('e1'));
    expect(open(await desk.check(null))).toHaveLength(1);
    const after = await desk.check(document);
    expect(after.reconciled.verdict).toBe('true');
    expect(breaksOf(after)).toMatchObject([{ id: before!.id, state: 'SELF_CLEARED' }]);
  });

  test('Y9 it reopens under its name when the same line differs again', async () => {
    const desk = await openDesk(deposit);
    const [before] = open(await desk.check(document));
    await desk.tell(fill('e1'));
    await desk.check(document);
    await desk.undo(desk.kinds().indexOf('fill') + 1);
    const reopened = open(await desk.check(document));
    expect(reopened).toMatchObject([{ id: before!.id, state: 'EXPLAINED' }]);
  });

  test('Y9 a repair that does not make the lines equal is no repair', async () => {
    const desk = await openDesk(deposit);
    await desk.check(document);
    const result = await desk.apply({ ...document, balances: balances({ USDT: '998' }) });
    expect(result.exitCode).toBe(3);
    const applied = (result.json['accounts'] as readonly Json[])[0]!['applied'];
    expect(applied).toMatchObject([{ state: 'REOPENED' }]);
  });
});

describe('what nobody told', () => {
  const quiet = () =>
    openDesk(deposit, fill('e1'), cash('deposit', 'b1', '2', { currency: 'BTC' }));
  const failed = { complete: false, error: 'HTTP 503' };

  test('Y10 an incomplete list is no break of what it leaves out: cannot say, exit 5', async () => {
    const desk = await quiet();
    const partly = says({
      positions: held([], { complete: false }),
      balances: balances({ USDT: '999.9' }, { complete: false }),
      executions: list([], { complete: false }),
      cashFlows: list([], { complete: false }),
    });
    const { reconciled } = await desk.check(partly);
    expect(reconciled).toMatchObject({ verdict: 'cannot-say', breaks: [] });
    expect(await codeOf(desk, partly)).toBe(5);
  });

  test('Y10 an incomplete list is believed in what it does list', async () => {
    const desk = await quiet();
    const partly = says({ balances: balances({ USDT: '990' }, { complete: false }) });
    expect(open(await desk.check(partly))).toMatchObject([{ lines: [{ key: 'USDT' }] }]);
    const fills = says({ executions: list([fill('e2')], { complete: false }) });
    expect(open(await desk.check(fills)).map(({ reason }) => reason)).toContain('FILL_MISSING');
  });

  test('Y10 a failed section is unknown, with its reason', async () => {
    const desk = await quiet();
    const down = says({
      positions: held([], failed),
      balances: balances({}, failed),
      executions: list([], failed),
    });
    const { reconciled } = await desk.check(down);
    expect(reconciled.verdict).toBe('cannot-say');
    expect(reconciled.unknown.map(({ section, why }) => `${section}: ${why}`)).toEqual([
      'balances: HTTP 503',
      'executions: HTTP 503',
      'positions: HTTP 503',
    ]);
    expect(await codeOf(desk, down)).toBe(5);
  });

  test('Y10 a break outweighs what is unknown', async () => {
    const desk = await quiet();
    const mixed = says({
      positions: held([], failed),
      balances: balances({ USDT: '900', BTC: '2' }),
    });
    expect(await codeOf(desk, mixed)).toBe(3);
  });

  test('Y10 silence about everything is not true, and complete empty lists are', async () => {
    const desk = await openDesk();
    expect(await codeOf(desk, says({}))).toBe(5);
    const empty = says({ positions: held([]), balances: balances({}) });
    expect(await codeOf(desk, empty)).toBe(0);
  });

  test('Y10 a fee not known yet keeps the balance it may have left from being true', async () => {
    const desk = await openDesk(deposit, fill('e1', { fee: null, feeCurrency: null }));
    const said = says({ positions: document['positions'], balances: balances({ USDT: '999.9' }) });
    expect(await codeOf(desk, said)).toBe(5);
    expect(await codeOf(desk, null)).toBe(5);
    await desk.tell(fill('e1'));
    expect(await codeOf(desk, said)).toBe(0);
  });
});

describe('since when it is true', () => {
  const since = async (desk: Desk, said: Json | null): Promise<bigint | null> =>
    (await desk.check(said)).account.trueSince;

  test('Y20 from the first check that says so, with none after it that does not', async () => {
    const desk = await openDesk(deposit, fill('e1'));
    const first = desk.clock.now();
    expect(await since(desk, document)).toBe(first);
    desk.clock.advance(60);
    expect(await since(desk, document)).toBe(first);
    const later = { ...document, asOf: at('13:00') };
    expect(await since(desk, later)).toBe(first);
    desk.clock.advance(60);
    expect(await since(desk, says({ balances: document['balances'] }))).toBeNull();
    desk.clock.advance(60);
    expect(await since(desk, { ...document, asOf: at('14:00') })).toBe(desk.clock.now());
  });

  test('Y20 not while it is not, and not without anybody else having said so', async () => {
    const desk = await openDesk(deposit);
    expect(await since(desk, null)).toBeNull();
    expect(await since(desk, document)).toBeNull();
    desk.clock.advance(60);
    await desk.apply(document);
    const repaired = desk.clock.now();
    desk.clock.advance(60);
    expect(await since(desk, document)).toBe(repaired);
  });
});
