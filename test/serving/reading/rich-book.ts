/**
 * A book of everything that a page has to show: spot, linear, inverse and hedge positions, live and
 * paper, breaks in every state, a fee that nobody told, a coin without a price, a silent venue.
 */

import { decimal } from '../../../src/decimal/text.ts';
import { type Break, breakStates } from '../../../src/model/break.ts';
import { instant } from '../../../src/model/instant.ts';
import { accept, snooze } from '../../../src/model/life-cycle.ts';
import { draftsOfBreaks, knownBreaks } from '../../../src/service/reconcile-entries.ts';
import { noted } from '../../../src/service/syncing.ts';
import {
  account,
  at,
  balances,
  cash,
  type Desk,
  fill,
  held,
  type Json,
  list,
  mark,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import {
  binanceFlows,
  early,
  funding,
  krakenFlows,
  trade,
  usd,
} from '../../service/reconcile/morning.ts';

/** The four accounts of the design page; all of its figures follow from these. */
export const morning: readonly Json[] = [
  ...[usd('kraken-spot', 'kraken'), usd('binance-perp', 'binance')],
  ...[usd('coinbase-spot', 'coinbase'), usd('okx-spot', 'okx')],
  mark('BTC/USD', '61310', at('06:40')),
  mark('ETH/USD', '3000', at('06:40')),
  ...krakenFlows,
  trade('TQ7K-88231', '06:38:02.114'),
  trade('88231', '06:38:02.87'),
  ...binanceFlows,
  cash('deposit', 'c1', '500', { account: 'coinbase-spot', ...early }),
  cash('deposit', 'o1', '250', { account: 'okx-spot', ...early }),
  cash('deposit', 'o2', '1.5', { account: 'okx-spot', ...early, currency: 'ETH' }),
];

const day = { from: at('00:00'), to: at('06:41') };
const down = { complete: false, error: 'HTTP 503' };

export const saidAtDawn: readonly Json[] = [
  says({
    ...{ account: 'coinbase-spot', venue: 'coinbase', asOf: at('06:27:05') },
    balances: balances({ USD: '500' }),
    ...{ positions: held([]), orders: held([]) },
  }),
];

export const saidInTheMorning: readonly Json[] = [
  says({
    ...{ account: 'kraken-spot', venue: 'kraken', asOf: at('06:41:05.411') },
    ...{ positions: held([]), orders: held([]) },
    balances: balances({ BTC: '0.50000000', USD: '13167.5900' }),
    executions: list([trade('88231', '06:38:02.87')], day),
    cashFlows: list(krakenFlows, day),
  }),
  says({
    ...{ account: 'binance-perp', venue: 'binance', asOf: at('06:41:06') },
    ...{ positions: held([]), orders: held([]) },
    balances: balances({ USD: '8201.3300' }),
    cashFlows: list([...binanceFlows, funding], day),
  }),
  says({
    ...{ account: 'coinbase-spot', venue: 'coinbase', asOf: at('06:41:04') },
    balances: balances({}, down),
    orders: held([], down),
  }),
  says({
    ...{ account: 'okx-spot', venue: 'okx', asOf: at('06:41:06') },
    ...{ positions: held([]), orders: held([]) },
    balances: balances({ ETH: '1.5', USD: '250' }),
  }),
  // Every desk has it, empty.
  says({
    ...{ asOf: at('06:41:06'), balances: balances({ USDT: '0' }) },
    ...{ positions: held([]), orders: held([]) },
  }),
];

/** As the design page shows it: at 06:41:07, with the repairs proposed. */
export async function openMorning(): Promise<Desk> {
  const desk = await openDesk(...morning);
  desk.clock.set(instant(at('06:27:05')));
  for (const one of saidAtDawn) await desk.check(one);
  desk.clock.set(instant(at('06:41:07')));
  for (const one of saidInTheMorning) await desk.check(one);
  const [first, second] = saidInTheMorning;
  await desk.sync(first!);
  await desk.sync(second!);
  return desk;
}

const main = { currency: 'USDT', time: at('07:00') };
const perp = 'BTC/USDT:USDT';

/** Further accounts beside those of the morning. */
const more: readonly Json[] = [
  account({ account: 'paper', venue: 'paper', mode: 'paper' }),
  account({ account: 'hedge', venue: 'bybit', positionMode: 'hedge' }),
  account({ account: 'coin', venue: 'deribit', currency: 'USD' }),
  account({ account: 'many', venue: 'gate' }),
  account({ account: 'empty', venue: 'manual' }),
  mark('BTC/USDT:USDT', '100', at('06:40')),
  mark('BTC/USD:BTC', '50000', at('06:40')),
  cash('deposit', 'p1', '10000', { account: 'paper', ...main }),
  fill('p-e1', { account: 'paper', instrument: 'SOL/USDT', price: '20', time: at('07:10') }),
  cash('deposit', 'h1', '1000', { account: 'hedge', ...main }),
  fill('h-e1', { account: 'hedge', leg: 'long', quantity: '2', orderId: 'h-o1' }),
  fill('h-e2', { account: 'hedge', leg: 'short', side: 'sell', quantity: '3', fee: null }),
  fill('h-e3', { account: 'hedge', leg: 'long', side: 'sell', price: '110', time: at('09:30') }),
  {
    ...{ kind: 'order', account: 'hedge', instrument: perp, leg: 'short', orderId: 'h-o2' },
    ...{ side: 'buy', type: 'limit', quantity: '3', price: '90', filled: '0', status: 'open' },
    ...{ reduceOnly: true, time: at('09:40') },
  },
  cash('deposit', 'i1', '1', {
    account: 'coin',
    currency: 'BTC',
    cost: '48000',
    time: at('07:00'),
  }),
  fill('i-e1', {
    ...{ account: 'coin', instrument: 'BTC/USD:BTC', quantity: '1000', price: '50000' },
    ...{ fee: '0.00001', feeCurrency: 'BTC' },
  }),
  cash('deposit', 'm1', '5000', { account: 'many', ...main }),
  ...['A', 'B', 'C', 'D', 'E'].map((name) =>
    fill(`m-${name}`, { account: 'many', instrument: `${name}/USDT:USDT`, time: at('08:30') }),
  ),
];

/** All of its positions are told otherwise: each is a break of its own. */
const many = says({
  ...{ account: 'many', venue: 'gate', asOf: at('12:00') },
  positions: held(
    ['A', 'B', 'C', 'D', 'E'].map((name, index) => ({
      ...{ instrument: `${name}/USDT:USDT`, leg: 'net', quantity: String(index + 2) },
      averagePrice: '100',
    })),
  ),
  balances: balances({ USDT: '4999.5' }),
  orders: held([]),
});

/** Breaks of the account `many` are held by a person, and one waits for the settle window. */
async function hold(desk: Desk): Promise<void> {
  const at = desk.clock.now();
  const until = at + 3_600_000_000_000n;
  const of = desk.account('many');
  const { breaks, counts } = knownBreaks(desk.reader.file, of.account);
  const terms = { until, reason: 'the venue migrates' };
  const [first, second] = breaks;
  const steps: Break[] = [];
  const snoozed = snooze(first!, terms, at);
  const accepted = accept(second!, { ...terms, cap: decimal('1000000') }, at);
  for (const one of [snoozed, accepted]) if (one.ok) steps.push(one.value);
  await noted(desk.writer, of, draftsOfBreaks([...steps, ...inEveryState(breaks[2]!)], at, counts));
}

/** Breaks as they are on record at each step of a life. */
const inEveryState = (one: Break): readonly Break[] =>
  breakStates.map((state, index) => ({ ...one, id: `BRK-EVERY${index}`, state }));

export async function openRich(): Promise<Desk> {
  const desk = await openMorning();
  await desk.tell(...more);
  desk.clock.set(instant(at('12:00:05')));
  await desk.check(many);
  await hold(desk);
  const [first, , , last] = saidInTheMorning;
  const noon = { asOf: at('12:00') };
  await desk.check({ ...last, ...noon });
  await desk.check({ ...first, ...noon });
  await desk.check(
    says({
      ...{ account: 'hedge', asOf: at('12:00') },
      positions: held([
        { instrument: perp, leg: 'long', quantity: '1', averagePrice: '100' },
        { instrument: perp, leg: 'short', quantity: '-3', averagePrice: '100' },
      ]),
      balances: held([{ currency: 'USDT', total: '1009.8', available: '900' }]),
      orders: held([]),
    }),
  );
  return desk;
}
