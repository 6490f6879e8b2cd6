/** What happened on the morning of the design page, to the accounts that its figures are of. */
import { account, at, cash, fill, type Json } from './desk.ts';

export const usd = (name: string, venue: string): Json =>
  account({ account: name, venue, currency: 'USD' });

export const trade = (executionId: string, time: string): Json =>
  fill(executionId, {
    ...{ account: 'kraken-spot', instrument: 'BTC/USD', quantity: '0.0124', price: '61250' },
    ...{ fee: '1.9747', feeCurrency: 'USD', time: at(time) },
  });

export const early = { currency: 'USD', time: at('05:00') };
export const kraken = { account: 'kraken-spot', ...early };
export const binance = { account: 'binance-perp', ...early };
export const funding = cash('funding', 'f-0640', '-3.1200', {
  ...{ ...binance, instrument: 'BTC/USD:USD', time: at('06:39:58') },
});

export const krakenFlows = [
  cash('deposit', 'k1', '13929.0647', kraken),
  cash('deposit', 'k2', '0.4876', { ...kraken, currency: 'BTC' }),
];
export const binanceFlows = [cash('deposit', 'b1', '8204.45', binance)];
