/** Random markets and commands, from numbers that fast-check can make smaller. */
import fc from 'fast-check';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import { PaperRefusal } from '../../../src/venues/paper/forced.ts';
import type {
  MarketEvent,
  PaperExchange,
  PaperFees,
  PaperOptions,
} from '../../../src/venues/paper/paper-exchange.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';
import { at, fees, inverse, linear, optionsOf, spot } from './paper-kit.ts';

const instruments = [spot, linear, inverse];

/** What happens, which instrument, and three numbers in [0, 100). */
export type Step = readonly [kind: number, instrument: number, a: number, b: number, c: number];

const hundredth = fc.integer({ min: 0, max: 99 });
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(hundredth, fc.integer({ min: 0, max: 2 }), hundredth, hundredth, hundredth),
  { minLength: 10, maxLength: 120, size: 'max' },
);

const feeKinds: readonly PaperFees[] = [
  fees('0.0002', '0.0005'),
  fees('-0.0001', '0.0007', 'received'),
  fees('0.00013', '0.00037', { coin: 'BNB', rate: decimal('613.7') }),
];

export interface Setting {
  readonly feeKind: number;
  readonly hedge: boolean;
  readonly latencyMs: number;
  readonly leverageMax: number;
}

export const settings: fc.Arbitrary<Setting> = fc.record({
  feeKind: fc.integer({ min: 0, max: 2 }),
  hedge: fc.boolean(),
  latencyMs: fc.constantFrom(0, 700),
  leverageMax: fc.constantFrom(3, 20),
});

export function optionsFor({ feeKind, hedge, latencyMs, leverageMax }: Setting): PaperOptions {
  return optionsOf({
    ...{ latencyMs, leverageMax, fees: feeKinds[feeKind]! },
    ...{ positionMode: hedge ? 'hedge' : 'net', fundingHours: 1 },
  });
}

export function play(options: PaperOptions, script: readonly Step[]): PaperExchange {
  const exchange = openPaperExchange(options);
  playOn(exchange, options, script);
  return exchange;
}

export function playOn(
  exchange: PaperExchange,
  options: PaperOptions,
  script: readonly Step[],
  after: (step: Step) => void = () => undefined,
): void {
  exchange.deposit('USDT', decimal('30000'));
  exchange.deposit('BTC', decimal('30'));
  exchange.deposit('BNB', decimal('0.05'));
  script.forEach((step, index) => {
    try {
      one(exchange, options, step, index + 1);
    } catch (error) {
      if (!(error instanceof PaperRefusal)) throw error;
    }
    after(step);
  });
}

const price = (a: number, tenths: number) => decimal(`${900 + a * 2}.${tenths % 10}`);

function one(exchange: PaperExchange, options: PaperOptions, step: Step, index: number): void {
  const [kind, which, a, b, c] = step;
  const instrument = instruments[which]!;
  const { name } = instrument;
  // Ten minutes a step, so that funding hours pass.
  const of = { instrument: name, at: at(index * 600) };
  const size = instrument.type === 'inverse' ? decimal(String(1 + c * 37)) : decimal(`${c}.7`);
  const open = exchange.openOrders();
  if (kind < 25) exchange.advance(touchOf(of, a, b, c));
  else if (kind < 45) {
    const side = b % 2 === 0 ? 'buy' : 'sell';
    exchange.advance({ kind: 'trade', ...of, price: price(a, b), quantity: size, side });
  } else if (kind < 50) {
    exchange.advance({ kind: 'mark', ...of, price: decimal(`${900 + a * 2}.1234`) });
  } else if (kind < 54) {
    exchange.advance({ kind: 'funding-rate', ...of, rate: decimal(`0.000${b + 1}`) });
  } else if (kind < 84) exchange.submit(requestOf(options, step, index));
  else if (kind < 90 && open.length > 0) {
    const { orderId, instrument: traded } = open[a % open.length]!;
    const reference = { instrument: traded, orderId, clientOrderId: null };
    if (b % 2 === 0) exchange.cancel(reference);
    else exchange.amend(reference, { quantity: size });
  } else if (kind < 93) exchange.withdraw('USDT', decimal(`${a}.25`));
  else if (kind < 95) exchange.deleverage(name, size);
  else if (kind < 96) exchange.liquidate(name);
  else if (kind < 98) {
    const fills = exchange.fills();
    if (fills.length > 0) exchange.bust(fills[a % fills.length]!.executionId);
  } else exchange.elapse(at(index * 600));
}

function touchOf(
  of: { readonly instrument: string; readonly at: bigint },
  a: number,
  b: number,
  c: number,
): MarketEvent {
  const bid = price(a, b);
  const ask = decimal(`${Number(toText(bid).split('.')[0]) + 1 + (c % 3)}.5`);
  const [bidSize, askSize] = [decimal(String(b * 3)), decimal(String(c * 3))];
  return { kind: 'touch', ...of, bid, bidSize, ask, askSize };
}

function requestOf(options: PaperOptions, step: Step, index: number): OrderRequest {
  const [kind, which, a, b, c] = step;
  const instrument = instruments[which]!;
  const isMarket = kind % 3 === 0;
  const isHedge = options.positionMode === 'hedge' && instrument.type !== 'spot';
  const tif = (['gtc', 'gtc', 'ioc', 'fok', 'post-only'] as const)[b % 5]!;
  return {
    clientOrderId: `c${index}`,
    instrument: instrument.name,
    leg: isHedge ? (a % 2 === 0 ? 'long' : 'short') : 'net',
    side: (a + c) % 2 === 0 ? 'buy' : 'sell',
    type: isMarket ? 'market' : 'limit',
    quantity: decimal(instrument.type === 'inverse' ? String(1 + c * 53) : `${c % 9}.${b}3`),
    price: isMarket ? null : price(a, b),
    timeInForce: isMarket && tif === 'post-only' ? 'gtc' : tif,
    reduceOnly: instrument.type !== 'spot' && c % 7 === 0,
    trigger:
      b % 11 === 0
        ? { price: price(c, a), when: a % 3 === 0 ? 'rises-to' : 'falls-to', of: 'last' }
        : null,
  };
}
