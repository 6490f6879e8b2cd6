/** Snooze and accept through the book: refusals, the journal, and who said so. */
import { afterEach, describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { auditOf } from '../../../src/service/auditing.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { endHold, type HoldingTerms, holdBreak } from '../../../src/service/policy/holding.ts';
import { documentOf } from '../../../src/service/reconciling.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  type Desk,
  open,
  openDesk,
  says,
} from '../reconcile/desk.ts';

afterEach(closeDesks);

const off = says({ balances: balances({ USDT: '996' }) });

async function broken(): Promise<{ desk: Desk; id: string }> {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const [one] = open(await desk.check(off));
  return { desk, id: one!.id };
}

const until = instant('2026-11-21T00:00:00Z');
const dust: HoldingTerms = { until, reason: 'dust', cap: decimal('5') };

const hold = (desk: Desk, breakId: string, terms: HoldingTerms, by?: string) =>
  holdBreak(desk.reader, desk.writer, desk.account(), {
    ...{ breakId, terms, at: desk.clock.now() },
    ...(by === undefined ? {} : { by }),
  });

const end = (desk: Desk, breakId: string, by: string) =>
  endHold(desk.reader, desk.writer, desk.account(), { breakId, at: desk.clock.now(), by });

describe('a word that is not taken', () => {
  test.each([
    ['hold-without-reason', { ...dust, reason: '  ' }],
    ['hold-over', { ...dust, until: instant(at('12:00')) }],
    ['hold-cap-exceeded', { ...dust, cap: decimal('3.99') }],
  ] as const)('PO3 %s', async (code, terms) => {
    const { desk, id } = await broken();
    const before = desk.head;
    expect(await hold(desk, id, terms)).toMatchObject({ ok: false, refusal: { code } });
    expect(desk.head).toBe(before);
  });

  test('PO3 what has no price, what nobody knows, what is not held', async () => {
    const { desk, id } = await broken();
    expect(await hold(desk, 'BRK-NONE00', dust)).toMatchObject({
      refusal: { code: 'break-unknown' },
    });
    expect(await end(desk, id, 'Ada')).toMatchObject({ refusal: { code: 'hold-absent' } });
    await desk.tell(cash('deposit', 'd9', '2', { currency: 'XYZ' }));
    const coin = says({ balances: balances({ USDT: '996', XYZ: '1' }) });
    const unpriced = open(await desk.check(coin)).find(({ gross }) => gross === null);
    expect(await hold(desk, unpriced!.id, dust)).toMatchObject({
      refusal: { code: 'hold-unpriced' },
    });
    const { cap: _, ...rest } = dust;
    expect((await hold(desk, unpriced!.id, { ...rest, cap: null })).ok).toBe(true);
  });
});

describe('a word that is', () => {
  test('PO1 PO4 is listed with sum, cap and day, counted by --strict, and ended', async () => {
    const { desk, id } = await broken();
    expect(await hold(desk, id, dust, 'Ada')).toMatchObject({ value: { state: 'ACCEPTED' } });
    const before = desk.head;
    expect((await hold(desk, id, dust, 'Ada')).ok).toBe(true);
    expect(desk.head).toBe(before);
    const { account } = await desk.check(off);
    const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
    const { json, exitCode } = documentOf([account], [desk.compared(off)], desk.options(), shown);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      breaks: [],
      accepted: [{ id, gross: '4', hold: { cap: '5', until: '2026-11-21T00:00:00Z' } }],
    });
    const strict = checkAccount(desk.reader, desk.request(off, { strict: true }));
    expect(strict.reconciled.verdict).toBe('break');
    expect(await end(desk, id, 'Bob')).toMatchObject({ value: [{ id, state: 'REOPENED' }] });
    expect((await desk.check(off)).reconciled.verdict).toBe('break');
  });

  test('PO4 who said so is in the journal, and their names outside the chain', async () => {
    const { desk, id } = await broken();
    await hold(desk, id, dust, 'Ada');
    await end(desk, id, 'Bob');
    await hold(desk, id, { ...dust, cap: null });
    desk.clock.advance(86_400);
    await desk.check(off);
    const options = { from: null, to: null, kinds: new Set(['break']), limit: 9, postings: false };
    const { entries } = auditOf(desk.reader.file, desk.account(), options);
    expect(entries.map(({ what }) => what.slice(id.length + 1))).toEqual([
      'OPEN UNEXPLAINED',
      'ACCEPTED UNEXPLAINED until 2026-11-21T00:00:00Z: dust, accepted by Ada',
      'REOPENED UNEXPLAINED, ended by Bob',
      'SNOOZED UNEXPLAINED until 2026-11-21T00:00:00Z: dust',
      'OPEN UNEXPLAINED', // nobody ended it: its day came
    ]);
  });

  test('PO2 ended once, it is ended for all that it covers', async () => {
    const { desk, id } = await broken();
    await hold(desk, id, { ...dust, cap: decimal('9'), scope: 'account' }, 'Ada');
    desk.clock.advance(60);
    await desk.tell(cash('deposit', 'd2', '1', { currency: 'USDC' }));
    await desk.tell({ kind: 'mark', instrument: 'USDC/USDT', price: '1', time: at('12:00') });
    const more = says({ balances: balances({ USDT: '996', USDC: '3' }) });
    const both = open(await desk.check(more));
    expect(both.map(({ state }) => state)).toEqual(['ACCEPTED', 'ACCEPTED']);
    const other = both.find((one) => one.id !== id)!;
    expect(await end(desk, other.id, 'Bob')).toMatchObject({ value: [{ id: other.id }, { id }] });
    const after = open(await desk.check(more));
    expect(after.map(({ state }) => state)).toEqual(['REOPENED', 'REOPENED']);
  });
});
