import { chmodSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { decimalOf } from '../../../src/decimal/decimal.ts';
import { toText } from '../../../src/decimal/text.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { knownBreaks, newestStatementText } from '../../../src/service/reconcile-entries.ts';
import { checkAll, sync } from '../../../src/service/reconciling.ts';
import { RemoteBook } from '../../../src/service/remote-book.ts';
import { recordedStatement } from '../../../src/service/statement-file.ts';
import { fromTaggedText, taggedText } from '../../../src/service/tagged-json.ts';
import { markMaxAgeMs } from '../held-book.ts';
import {
  at,
  balances,
  breaksOf,
  cash,
  closeDesks,
  fill,
  held,
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

describe('what a check leaves in the book', () => {
  test('Y13 one entry for a statement, however often it is checked', async () => {
    const desk = await openDesk(deposit, fill('e1'));
    const { head } = desk;
    await desk.check(document);
    expect(desk.kinds(head)).toEqual(['statement']);
    await desk.check(document);
    await desk.check(JSON.parse(JSON.stringify(document, null, 2)));
    expect(desk.kinds(head)).toEqual(['statement']);
  });

  test('Y13 the same words at another time are a short entry, read back whole', async () => {
    const desk = await openDesk(deposit, fill('e1'));
    const { head } = desk;
    const times = ['12:00', '12:01', '12:02'].map((time) => ({
      ...document,
      asOf: at(time),
      takenAt: at(`${time}:01`),
    }));
    for (const one of times) await desk.check(one);
    expect(desk.kinds(head)).toEqual(['statement', 'statement', 'statement']);
    const { account } = desk.account();
    const lengths = [...desk.reader.file.entries(account, head)].map(({ body }) => body!.length);
    expect(Math.max(...lengths.slice(1))).toBeLessThan(200);
    expect(JSON.parse(newestStatementText(desk.reader.file, account)!)).toEqual(times.at(-1));
  });

  test('Y13 the newest on record has the latest time, whichever was noted last', async () => {
    const desk = await openDesk(deposit, fill('e1'));
    expect(recordedStatement(desk.reader.file, desk.account())).toBeNull();
    await desk.check({ ...document, asOf: at('13:00') });
    await desk.check(says({ asOf: at('07:00') }));
    const { statement } = recordedStatement(desk.reader.file, desk.account())!;
    expect(statement).toEqual(desk.compared({ ...document, asOf: at('13:00') }).source?.statement);
  });

  test('Y13 an unchanged break is not noted again', async () => {
    const desk = await openDesk(deposit);
    await desk.check(document);
    const { head } = desk;
    await desk.check(document);
    await desk.check({ ...document, asOf: at('12:00:01') });
    expect(desk.kinds(head)).toEqual(['statement']);
  });

  test('Y13 a check that is not to be noted, and an investigation, write nothing', async () => {
    const desk = await openDesk(deposit);
    const { head } = desk;
    const files = readdirSync(dirname(desk.path)).toSorted();
    const looked = desk.look(document);
    await checkAll(desk.reader, null, [desk.compared(document)], desk.options());
    expect(desk.head).toBe(head);
    expect(readdirSync(dirname(desk.path)).toSorted()).toEqual(files);
    const checked = await desk.check(document);
    expect(open(checked).map(({ id }) => id)).toEqual(open(looked).map(({ id }) => id));
  });

  test('Y13 a file that may only be read can be checked', async () => {
    const desk = await openDesk(deposit);
    chmodSync(desk.path, 0o444);
    const reader = new BookReader(desk.path, desk.clock);
    try {
      const [one] = await checkAll(reader, null, [desk.compared(document)], desk.options());
      expect(one?.reconciled.verdict).toBe('break');
    } finally {
      reader.close();
    }
  });
});

describe('what comes back', () => {
  test('Y14 a break is read from the journal as it was noted', async () => {
    const desk = await openDesk(deposit);
    const checked = await desk.check(document);
    const { breaks } = knownBreaks(desk.reader.file, desk.account().account);
    expect(breaks.map(taggedText)).toEqual(breaksOf(checked).map(taggedText));
    expect(breaks[0]?.openedAt).toBe(desk.clock.now());
    expect(toText(breaks[0]!.lines[0]!.difference!)).toBe('1');
  });

  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 66n), max: 10n ** 66n }), fc.integer({ min: 0, max: 36 }))
    .map(([coefficient, scale]) => {
      const small = coefficient >= -(2n ** 53n) && coefficient <= 2n ** 53n - 1n;
      return decimalOf(small ? Number(coefficient) : coefficient, scale);
    });
  const { value: values } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.bigInt(),
      decimals,
      fc.array(tie('value')),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), tie('value')),
    ),
  }));

  test('Y14 records come back from their text with every digit and nanosecond', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = taggedText(value);
        const again = fromTaggedText(text);
        expect(taggedText(again)).toBe(text);
        expect(shape(again)).toEqual(shape(value));
      }),
    );
  });

  /** With numbers as their texts, so that 1.50 and 1.5 are one. */
  function shape(value: unknown): unknown {
    if (typeof value === 'bigint') return `time ${value}`;
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value !== 'object' || value === null) return value;
    if ('coefficient' in value) return `decimal ${toText(value as ReturnType<typeof decimalOf>)}`;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shape(one)]));
  }
});

describe('while another process holds the book', () => {
  test('Y15 a check notes and a repair writes by way of the holder', async () => {
    const desk = await openDesk(deposit, cash('fee', 'x1', '2'));
    const options = { clock: desk.clock, holder: 'other', markMaxAgeMs };
    const other = await openForWriting(desk.path, options);
    try {
      expect(other).toBeInstanceOf(RemoteBook);
      const said = { ...document, cashFlows: list([deposit, cash('fee', 'x1', '3')]) };
      const wrong = { ...said, balances: balances({ USDT: '996.9' }) };
      const compared = [desk.compared(wrong)];
      const chosen = { apply: false, auto: false, only: null, plans: null };
      const planned = await sync(desk.reader, other, compared, desk.options(), chosen);
      expect(planned.exitCode).toBe(6);
      const [{ plan, repairs }] = planned.json['accounts'] as unknown as readonly [
        { plan: string; repairs: readonly { break: string }[] },
      ];
      for (const one of repairs) await desk.approve(one.break, plan);
      const apply = { ...chosen, apply: true };
      const applied = await sync(desk.reader, other, compared, desk.options(), apply);
      expect(applied.exitCode).toBe(0);
      expect(desk.holds()).toEqual({ USDT: '996.9', 'BTC/USDT:USDT': '1' });
    } finally {
      await other.close();
    }
  });
});
