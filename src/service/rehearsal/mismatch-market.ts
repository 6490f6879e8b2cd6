/**
 * What is traded where the incident of the quantities plays: the nine contracts of the bot, and
 * fourteen that somebody else holds in the same account, which are our choice, as are all steps.
 */
import { add, type Decimal, subtract } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Side } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';
import { incidentPositions } from '../../sources/monitoring/incident-database.ts';
import type { MarketEvent, PaperOptions } from '../../venues/paper/paper-exchange.ts';

/** `AGIUSDT` is the contract AGI/USDT:USDT. */
export const nameOf = (symbol: string): string => `${symbol.replace(/USDT$/, '')}/USDT:USDT`;

const steps: Readonly<Record<string, readonly [tick: string, lot: string]>> = {
  AGIUSDT: ['0.00001', '1'],
  SCAUSDT: ['0.00001', '0.1'],
  HNTUSDT: ['0.001', '0.01'],
  PEAQUSDT: ['0.0001', '1'],
  GRTXUSDT: ['0.0001', '1'],
  ORBSUSDT: ['0.00001', '1'],
  CATIUSDT: ['0.0001', '1'],
  IDEXUSDT: ['0.00001', '1'],
  SNTRUSDT: ['0.000001', '100'],
};

export interface ForeignPosition {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
}

export const foreignPositions: readonly ForeignPosition[] = [
  'BTC buy 0.004 112000.1',
  'ETH buy 0.05 4100.1',
  'SOL sell 1 195.1',
  'XRP buy 100 2.6',
  'DOGE sell 900 0.21',
  'ADA buy 300 0.7',
  'LINK buy 10 19.1',
  'AVAX sell 10 23.1',
  'DOT buy 50 3.3',
  'LTC buy 2 99.1',
  'BCH sell 0.3 540.1',
  'ATOM buy 50 3.4',
  'NEAR sell 50 2.7',
  'UNI buy 20 6.9',
].map((text) => {
  const [coin, side, quantity, price] = text.split(' ');
  return {
    symbol: `${coin}USDT`,
    side: side as Side,
    quantity: decimal(quantity!),
    price: decimal(price!),
  };
});

const instrumentWith = (symbol: string, [tick, lot]: readonly [string, string]): Instrument => ({
  ...instrumentFromName('bybit', nameOf(symbol))!,
  tickSize: decimal(tick),
  lotSize: decimal(lot),
});

export const instruments: readonly Instrument[] = [
  ...incidentPositions.map(({ symbol }) => instrumentWith(symbol, steps[symbol]!)),
  ...foreignPositions.map(({ symbol }) => instrumentWith(symbol, ['0.01', '0.001'])),
];

export const paperOptions: PaperOptions = {
  ...{ account: 'main', venue: 'bybit', currency: 'USDT', seed: 2025, latencyMs: 0, instruments },
  ...{ minNotional: null, positionMode: 'net', leverageMax: 10, fundingHours: 8, startAt: 0n },
  maintenanceRate: decimal('0.005'),
  fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
};

const plenty = decimal('1000000');

/** The market as it is to be: whoever takes that side does so at this price, one tick from it. */
export function quoted(at: Instant, symbol: string, side: Side, price: Decimal): MarketEvent[] {
  const instrument = nameOf(symbol);
  const tick = instruments.find(({ name }) => name === instrument)!.tickSize!;
  const bid = side === 'sell' ? price : subtract(price, tick);
  const ask = side === 'buy' ? price : add(price, tick);
  return [
    { kind: 'touch', instrument, at, bid, bidSize: plenty, ask, askSize: plenty },
    { kind: 'mark', instrument, at, price },
  ];
}

/** Somebody trades through the price of whatever rests there, so much and no more. */
export const printed = (
  at: Instant,
  symbol: string,
  price: string,
  quantity: string,
): MarketEvent => ({
  ...{ kind: 'trade', instrument: nameOf(symbol), at, side: 'sell' },
  ...{ price: decimal(price), quantity: decimal(quantity) },
});
