import { afterEach, describe, expect, test } from 'vitest';
import { toTextOrNull } from '../../../src/decimal/text.ts';
import { checkAll, documentOf } from '../../../src/service/reconciling.ts';
import {
  account,
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  linesOf,
  list,
  mark,
  open,
  openDesk,
  says,
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const perp = (quantity: string, more: Json = {}): Json => ({
  ...{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity, ...more },
});

describe('the instant of the statement', () => {
  test('Y11 facts after it are left out of what is compared, and of no list', async () => {
    const after = { time: at('12:30') };
    const desk = await openDesk(
      deposit,
      fill('e1'),
      fill('e2', after),
      cash('fee', 'x1', '5', after),
      cash('deposit', 'b1', '2', { currency: 'BTC', ...after }),
    );
    const document = says({
      positions: held([perp('1', { averagePrice: '100' })]),
      balances: balances({ USDT: '999.9' }),
      executions: list([fill('e1')]),
      cashFlows: list([deposit]),
    });
    const checked = await desk.check(document);
    expect(checked.reconciled).toMatchObject({ verdict: 'true', breaks: [] });
    expect(checked.account.sequence).toBeGreaterThan(0);
    const next = await desk.check({ ...document, asOf: at('13:00') });
    expect(linesOf(next).toSorted()).toEqual([
      ...['BTC 2 -> 0', 'BTC/USDT:USDT 2 -> 1', 'USDT 994.8 -> 999.9'],
    ]);
  });

  test('Y11 a repair of what came before it restates what came after it', async () => {
    const desk = await openDesk(deposit, fill('e2', { side: 'sell', time: at('12:30') }));
    const document = says({
      positions: held([perp('1')]),
      balances: balances({ USDT: '999.9' }),
      executions: list([fill('e1')]),
      cashFlows: list([deposit]),
    });
    expect((await desk.apply(document)).exitCode).toBe(0);
    expect(desk.holds()).toEqual({ USDT: '999.8', 'BTC/USDT:USDT': '0' });
  });
});

describe('numbers', () => {
  const thirds = [fill('e1', { quantity: '2' }), fill('e2', { quantity: '1', price: '101' })];

  test('Y11 an average price is compared with the digits that the venue tells', async () => {
    const desk = await openDesk(deposit, ...thirds);
    const said = (averagePrice: string) =>
      says({
        positions: held([perp('3', { averagePrice })]),
        balances: balances({ USDT: '999.8' }),
      });
    for (const averagePrice of ['100.33', '100.3333', '100.333333333333333333']) {
      expect((await desk.check(said(averagePrice))).reconciled.verdict).toBe('true');
    }
    const [wrong] = open(await desk.check(said('100.34')));
    expect(wrong?.lines).toMatchObject([{ what: 'average-price' }]);
    expect(toTextOrNull(wrong!.lines[0]!.ours)).toBe('100.333333333333333333');
  });

  test('Y11 spot is compared by the balances of its coins', async () => {
    const spot = { instrument: 'ETH/USDT', quantity: '2', fee: '0.002', feeCurrency: 'ETH' };
    const desk = await openDesk(deposit, fill('e1', spot));
    const said = says({ balances: balances({ ETH: '1.998', USDT: '800' }), positions: held([]) });
    expect((await desk.check(said)).reconciled.verdict).toBe('true');
    const wrong = await desk.check({ ...said, balances: balances({ ETH: '2', USDT: '800' }) });
    expect(linesOf(wrong)).toEqual(['ETH 1.998 -> 2']);
  });

  test('Y11 the legs of a hedge are lines of their own', async () => {
    const hedged = [
      fill('e1', { leg: 'long', quantity: '3' }),
      fill('e2', { leg: 'short', side: 'sell', quantity: '2' }),
    ];
    const desk = await openDesk(deposit, ...hedged);
    const legs = (long: string, short: string) =>
      says({
        positions: held([perp(long, { leg: 'long' }), perp(short, { leg: 'short' })]),
        balances: balances({ USDT: '999.8' }),
      });
    expect((await desk.check(legs('3', '-2'))).reconciled.verdict).toBe('true');
    expect(linesOf(await desk.check(legs('3', '-1')))).toEqual(['BTC/USDT:USDT short -2 -> -1']);
  });

  test('Y19 at stake is valued at fresh prices of the book, else of the statement', async () => {
    const desk = await openDesk(deposit, fill('e1'));
    const said = (markPrice: string | null, quantity = '2') =>
      says({
        positions: held([perp(quantity, { markPrice })]),
        balances: balances({ USDT: '999.9' }),
      });
    const grossOf = async (document: Json) =>
      toTextOrNull(open(await desk.check(document))[0]!.gross);
    expect(await grossOf(said(null))).toBeNull();
    expect(await grossOf(said('130'))).toBe('130');
    await desk.tell(mark('BTC/USDT:USDT', '90', at('10:00')));
    expect(await grossOf(said('130'))).toBe('130');
    expect(await grossOf(said(null))).toBeNull();
    await desk.tell(mark('BTC/USDT:USDT', '120'));
    expect(await grossOf(said('130'))).toBe('120');
  });
});

describe('several accounts', () => {
  const other = { account: 'spot' };
  const facts = [
    ...[account(other), deposit, cash('deposit', 'd1', '500', other)],
    ...[account({ account: 'quiet' }), cash('deposit', 'd1', '7', { account: 'quiet' })],
  ];

  test('Y12 each is held against its own statement; the worst verdict counts', async () => {
    const desk = await openDesk(...facts);
    const documents = [
      says({ balances: balances({ USDT: '1000' }) }),
      says({ ...other, balances: balances({ USDT: '490' }) }),
      says({ account: 'quiet', balances: balances({}, { complete: false, error: 'HTTP 503' }) }),
    ];
    const compared = documents.map((one) => desk.compared(one));
    const options = desk.options();
    const checked = await checkAll(desk.reader, desk.writer, compared, options);
    const shown = { document: 'check', breakId: null, failAbove: null, hints: [] } as const;
    const { json, exitCode } = documentOf(checked, compared, options, shown);
    expect(exitCode).toBe(3);
    expect(json).toMatchObject({
      accounts: [
        { account: 'main', verdict: 'true', gate: 'allow' },
        { account: 'quiet', verdict: 'cannot-say', gate: 'deny', unknown: 1 },
        { account: 'spot', verdict: 'break', gate: 'deny', different: 1 },
      ],
      atStake: { gross: '10', net: '-10', currency: 'USDT' },
      breaks: [{ account: 'spot' }],
    });
    const { file } = desk.reader;
    for (const { account: of } of compared) {
      expect(file.entriesOfKind(of.account, 'statement')).toHaveLength(1);
    }
  });

  test('Y12 one account is not touched by what is found of another', async () => {
    const desk = await openDesk(...facts);
    await desk.check(says({ ...other, balances: balances({ USDT: '490' }) }));
    expect(
      (await desk.check(says({ balances: balances({ USDT: '1000' }) }))).reconciled,
    ).toMatchObject({ verdict: 'true', breaks: [] });
  });
});
