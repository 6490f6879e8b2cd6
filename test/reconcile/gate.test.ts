/** The trading gate as a table: what is on record, and whether a bot may trade. */
import { describe, expect, test } from 'vitest';
import { zero } from '../../src/decimal/decimal.ts';
import { type Break, type BreakState, type LineKind, lineKinds } from '../../src/model/break.ts';
import { instant } from '../../src/model/instant.ts';
import { decideGate, type GateFacts, gateKinds, gateTable } from '../../src/reconcile/gate.ts';

const at = (time: string) => instant(`2026-11-20T${time}Z`);

const broken = (what: LineKind, state: BreakState): Break => ({
  ...{ id: `BRK-${what}`, account: 'main', reason: 'UNEXPLAINED', confidence: 'unexplained' },
  ...{ severity: 'low', state, openedAt: at('11:00:00'), openedSequence: 1 },
  changedAt: at('11:00:00'),
  lines: [
    {
      ...{ what, key: 'x', instrument: null, leg: null, detail: null, tolerance: zero },
      ...{ oursParty: 'book', ours: zero, oursText: null, difference: zero },
      ...{ theirsParty: 'venue', theirs: zero, theirsText: null },
    },
  ],
  ...{ facts: [], gross: zero, net: zero, unvalued: [] },
  explanation: { sentence: '', evidence: [], residual: zero, residuals: [], ruledOut: [] },
  ...{ repair: null, hold: null, mergedInto: null },
});

const whole = (time: string) => ({ at: at(time), complete: true });

/** Noon; the last check was whole, a minute ago, and found nothing. */
const fine: GateFacts = {
  now: at('12:00:00'),
  maxAgeMs: 300_000,
  last: whole('11:59:00'),
  lastComplete: whole('11:59:00'),
  startedAt: null,
  breaks: [],
};

const rows: readonly (readonly [string, Partial<GateFacts>, readonly string[]])[] = [
  ['all is well', {}, []],
  ['nothing was ever checked', { last: null, lastComplete: null }, ['never-checked']],
  [
    'no check was ever whole',
    { last: { at: at('11:59:00'), complete: false }, lastComplete: null },
    ['never-checked', 'answer-incomplete'],
  ],
  [
    'the last check was not whole, the one before it was',
    { last: { at: at('11:59:30'), complete: false } },
    ['answer-incomplete'],
  ],
  ['the check is as old as it may be', { lastComplete: whole('11:55:00') }, []],
  ['the check is older', { lastComplete: whole('11:54:59') }, ['check-too-old']],
  ['a shorter age is asked for', { maxAgeMs: 59_000 }, ['check-too-old']],
  ['the process began before the check', { startedAt: at('11:58:59') }, []],
  ['the process began after it', { startedAt: at('11:59:01') }, ['not-since-start']],
  ['a position is off', { breaks: [broken('position', 'OPEN')] }, ['break-open']],
  ['a balance is off, and repaired', { breaks: [broken('balance', 'REPAIRED')] }, ['break-open']],
  ['an order is snoozed', { breaks: [broken('order', 'SNOOZED')] }, ['break-open']],
  ['a person accepted it', { breaks: [broken('position', 'ACCEPTED')] }, []],
  ['it was verified', { breaks: [broken('position', 'VERIFIED')] }, []],
  ['it cleared', { breaks: [broken('position', 'SELF_CLEARED')] }, []],
  ['a position settles', { breaks: [broken('position', 'SETTLING')] }, ['settling']],
  ['an average price settles', { breaks: [broken('average-price', 'SETTLING')] }, []],
  ['the performance record is old', { breaks: [broken('performance', 'OPEN')] }, []],
  [
    'all at once',
    {
      ...{ lastComplete: whole('09:00:00'), startedAt: at('10:00:00') },
      last: { at: at('11:59:00'), complete: false },
      breaks: [broken('position', 'SETTLING'), broken('balance', 'EXPLAINED')],
    },
    ['not-since-start', 'check-too-old', 'answer-incomplete', 'break-open', 'settling'],
  ],
];

describe('the trading gate', () => {
  test.each(rows)('VC11 %s', (_, changes, codes) => {
    const { gate, reasons } = decideGate({ ...fine, ...changes });
    expect(reasons.map(({ code }) => code)).toEqual(codes);
    expect(gate).toBe(codes.length === 0 ? 'allow' : 'deny');
  });

  test.each(lineKinds)('VC11 an open break of a %s denies as its row says', (what) => {
    const { gate, reasons } = decideGate({ ...fine, breaks: [broken(what, 'REOPENED')] });
    expect(gate).toBe(gateKinds[what].denies ? 'deny' : 'allow');
    expect(reasons.flatMap(({ breaks }) => breaks)).toEqual(
      gateKinds[what].denies ? [`BRK-${what}`] : [],
    );
  });

  test('VC11 every row of the table has been seen to deny', () => {
    const denied = new Set(rows.flatMap(([, , codes]) => codes));
    expect(gateTable.map(({ code }) => code).filter((code) => !denied.has(code))).toEqual([]);
  });
});
