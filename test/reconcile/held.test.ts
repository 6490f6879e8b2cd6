/** What a person left alone: how far the word reaches, and what ends it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, fromInteger, zero } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { Break, BreakState, HoldScope } from '../../src/model/break.ts';
import { accept, release, snooze } from '../../src/model/life-cycle.ts';
import { holdSteps } from '../../src/reconcile/held.ts';
import type { Reconciled } from '../../src/reconcile/reconcile.ts';
import { at, checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

const look = (table: string, seconds: number, known: readonly Break[] = []): Reconciled => {
  const story = readStory(table);
  return checked(ledgerOfStory(story), statementOf(story), optionsAt(at(seconds)), { known });
};

const movesOf = ({ changes }: Reconciled) => changes.map(({ from, to }) => `${from ?? ''}>${to}`);

const made = <T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};

const accepted = (one: Break, cap: string, scope: HoldScope = 'lines'): Break =>
  made(accept(one, { until: at(10_000), reason: 'dust', cap: decimal(cap), scope }, at(101)));

const booked = 'both deposit USDT 100 at 10\nboth deposit BTC 5 at 10\nmark BTC/USDT 10 at 10';
const usdtOff = `${booked}\nsays balance USDT 97\nsays balance BTC 5`;
/** USDT 3 off, and BTC 0.2 at 10: 2 USDT more. */
const bothOff = `${booked}\nsays balance USDT 97\nsays balance BTC 5.2`;
const btcMore = `${booked}\nsays balance USDT 97\nsays balance BTC 5.3`;

const stateOf = (key: string, { breaks }: Reconciled): BreakState | undefined =>
  breaks.find(({ lines }) => lines[0]!.key === key)?.state;

describe('of its lines', () => {
  test('PO1 a word about a break says nothing of later ones', () => {
    const [one] = look(usdtOff, 100).breaks;
    const later = look(bothOff, 200, [accepted(one!, '50')]);
    expect([stateOf('USDT', later), stateOf('BTC', later)]).toEqual(['ACCEPTED', 'OPEN']);
    expect(later.verdict).toBe('break');
  });

  test('PO1 a line that comes to it brings it back, within the sum too', () => {
    const funding = 'venue funding USDT -3 of AGI/USDT:USDT id f1 at 20';
    const fill = 'venue fill AGI/USDT:USDT buy 1 @ 1 fee 0.01 USDT id e1 at 30';
    const [one] = look(`both deposit USDT 100 at 10\n${funding}`, 100).breaks;
    const held = accepted(one!, '50');
    const more = look(`both deposit USDT 100 at 10\n${funding}\n${fill}`, 200, [held]);
    expect(movesOf(more).slice(0, 2)).toEqual(['ACCEPTED>REOPENED', 'REOPENED>EXPLAINED']);
    expect(more.breaks[0]).toMatchObject({ id: one!.id, hold: null });
  });

  test('PO1 its day brings it back though nothing was compared', () => {
    const [one] = look(usdtOff, 100).breaks;
    const silent = `${booked}\nwithout balances`;
    const held = accepted(one!, '50');
    expect(look(silent, 9_999, [held]).breaks).toMatchObject([{ state: 'ACCEPTED' }]);
    expect(movesOf(look(silent, 10_000, [held]))).toEqual(['ACCEPTED>REOPENED']);
    const snoozed = made(snooze(one!, { until: at(300), reason: 'later' }, at(101)));
    expect(movesOf(look(silent, 300, [snoozed]))).toEqual(['SNOOZED>OPEN']);
  });

  test('PO1 what is accepted is repaired by nobody', () => {
    const funding =
      'both deposit USDT 100 at 10\nvenue funding USDT -3 of AGI/USDT:USDT id f1 at 20';
    const [one] = look(funding, 100).breaks;
    const { plan } = look(funding, 200, [accepted(one!, '50')]);
    expect(plan.repairs).toEqual([]);
    expect(plan.leftAlone).toMatchObject([{ decision: 'leave' }]);
  });
});

describe('of later breaks too', () => {
  test.each([
    ['account', '5', 'ACCEPTED'], // 3 + 2
    ['account', '4.99', 'OPEN'],
    ['instrument', '50', 'OPEN'], // BTC is not USDT
    ['lines', '50', 'OPEN'],
  ] as const)('PO2 with scope %s up to %s a later one is %s', (scope, cap, state) => {
    const [one] = look(usdtOff, 100).breaks;
    const later = look(bothOff, 200, [accepted(one!, cap, scope)]);
    expect([stateOf('USDT', later), stateOf('BTC', later)]).toEqual(['ACCEPTED', state]);
  });

  test('PO2 the sum is of all of them, and beyond it all come back', () => {
    const [one] = look(usdtOff, 100).breaks;
    const both = look(bothOff, 200, [accepted(one!, '5', 'account')]).breaks;
    expect(both.map(({ hold }) => hold?.covers?.of)).toEqual([one!.id, one!.id]);
    expect(movesOf(look(bothOff, 300, both))).toEqual([]);
    const beyond = look(btcMore, 300, both); // 3 + 3
    expect(movesOf(beyond)).toEqual(['ACCEPTED>REOPENED', 'ACCEPTED>REOPENED']);
  });

  test('PO2 one that was there before the word is not covered by it', () => {
    const { breaks } = look(bothOff, 100);
    const held = breaks.map((one) =>
      one.lines[0]!.key === 'USDT' ? accepted(one, '50', 'account') : one,
    );
    const later = look(bothOff, 200, held);
    expect([stateOf('USDT', later), stateOf('BTC', later)]).toEqual(['ACCEPTED', 'OPEN']);
  });

  test('PO2 snoozed with one word, they come back at one time', () => {
    const [one] = look(usdtOff, 100).breaks;
    const terms = { until: at(300), reason: 'migration', scope: 'account' } as const;
    const both = look(bothOff, 200, [made(snooze(one!, terms, at(101)))]).breaks;
    expect(both.map(({ state }) => state)).toEqual(['SNOOZED', 'SNOOZED']);
    const over = look(bothOff, 300, both);
    expect(over.breaks.map(({ state }) => state)).toEqual(['OPEN', 'OPEN']);
  });

  test('PO2 no order of breaks lets more than the sum stay accepted', () => {
    const [one] = look(usdtOff, 100).breaks;
    const grosses = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(grosses, fc.integer({ min: 0, max: 30 }), (values, cap) => {
        const first = accepted({ ...one!, gross: fromInteger(values[0]!) }, String(cap), 'account');
        const others = values.slice(1).map(
          (value, index): Break => ({
            ...{
              ...one!,
              id: `BRK-${index}`,
              gross: fromInteger(value),
              openedAt: at(150 + index),
            },
          }),
        );
        const steps = holdSteps([first, ...others], at(200), () => true);
        const after = [first, ...others].filter(({ id, state }) => {
          const step = steps.find(({ breakId }) => breakId === id);
          return (step?.to ?? state) === 'ACCEPTED';
        });
        const sum = after.reduce((total, { gross }) => add(total, gross!), zero);
        expect(Number(sum.coefficient)).toBeLessThanOrEqual(cap);
      }),
    );
  });
});

test('PO1 only what is held is released', () => {
  const [one] = look(usdtOff, 100).breaks;
  expect(release(one!, at(101)).ok).toBe(false);
  expect(made(release(accepted(one!, '5'), at(102)))).toMatchObject({
    state: 'REOPENED',
    hold: null,
  });
});
