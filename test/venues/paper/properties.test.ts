/** Whatever the market does and whoever trades in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absolute,
  compare,
  divideHalfEven,
  isNegative,
  multiply,
  total,
} from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { CashFact, Fill } from '../../../src/model/fact.ts';
import type { Instrument } from '../../../src/model/instrument.ts';
import { factLine } from '../../../src/model/write-fact.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import type { PaperExchange } from '../../../src/venues/paper/paper-exchange.ts';
import { averageOf, Model, sameValue } from './model.ts';
import { inverse, linear, spot } from './paper-kit.ts';
import { optionsFor, play, playOn, settings, steps } from './random-trading.ts';

function modelOf(exchange: PaperExchange): Model {
  const { executions, cashFlows } = exchange.statement();
  const facts: (Fill | CashFact)[] = [...executions!.items, ...cashFlows!.items];
  facts.sort((a, b) => Number(a.venueSequence) - Number(b.venueSequence));
  const model = new Model();
  for (const fact of facts) model.apply(fact);
  return model;
}

test('PX12 balances, positions and averages are those of a model that knows only the facts', () => {
  let fills = 0;
  fc.assert(
    fc.property(settings, steps, (setting, script) => {
      const exchange = play(optionsFor(setting), script);
      const model = modelOf(exchange);
      const { positions, balances } = exchange.statement();
      fills += exchange.fills().length;
      for (const { currency, total } of balances!.items) {
        expect(sameValue(total, model.wallets.get(currency)!), currency).toBe(true);
      }
      expect(balances!.items.length).toBe(model.wallets.size);
      const held = [...model.held].filter(([, { quantity }]) => quantity !== 0n);
      expect(positions!.items.length).toBe(held.length);
      for (const [key, one] of held) {
        const [instrument, leg] = key.split(' ');
        const item = positions!.items.find((p) => p.instrument === instrument && p.leg === leg)!;
        expect(sameValue(item.quantity, one.quantity), key).toBe(true);
        const average = BigInt(toText(item.averagePrice!).replace('.', '').padEnd(1, '0'));
        const digits = (toText(item.averagePrice!).split('.')[1] ?? '').length;
        const exact = averageOf(key, one)!;
        const off = average * 10n ** BigInt(18 - digits) - exact;
        expect(off < 0n ? -off : off, key).toBeLessThanOrEqual(500_000n);
      }
    }),
    { numRuns: 300 },
  );
  expect(fills).toBeGreaterThan(500);
});

test('PX10 PX14 spot is never sold or spent beyond what is there, a leg never crosses zero', () => {
  fc.assert(
    fc.property(settings, steps, (setting, script) => {
      const kept = script.filter(([kind]) => kind < 96 || kind >= 98);
      const exchange = play(
        optionsFor(setting),
        kept.filter(([kind, which]) => which === 0 || (setting.hedge && kind < 96)),
      );
      const { positions, balances } = exchange.statement();
      for (const { leg, quantity } of positions!.items) {
        expect(isNegative(quantity)).toBe(leg === 'short');
      }
      if (positions!.items.length + exchange.fills().filter(isContract).length > 0) return;
      for (const { total, available } of balances!.items) {
        expect(isNegative(total)).toBe(false);
        expect(compare(available!, total)).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 200 },
  );
});

test('PX17 after every mark each coin carries its positions', () => {
  let liquidations = 0;
  fc.assert(
    fc.property(settings, steps, (setting, script) => {
      const options = {
        ...optionsFor(setting),
        maintenanceRate: decimal('0.04'),
        instruments: [spot, large(linear, '60'), large(inverse, '2000')],
      };
      const exchange = openPaperExchange(options);
      const daring = script.filter(([kind]) => kind < 84);
      playOn(exchange, options, daring, ([kind, which]) => {
        if (which === 0 || kind < 45 || kind >= 50) return;
        const settle = which === 1 ? 'USDT' : 'BTC';
        const { positions, balances } = exchange.statement();
        const held = positions!.items.filter(({ instrument }) => instrument.endsWith(settle));
        const worth = held.map(({ instrument, quantity, markPrice }) =>
          instrument === inverse.name
            ? divideHalfEven(multiply(absolute(quantity), decimal('2000')), markPrice!, 18)
            : multiply(multiply(absolute(quantity), decimal('60')), markPrice!),
        );
        const equity = balances!.items.find(({ currency }) => currency === settle)!.equity!;
        const margin = multiply(total(worth), options.maintenanceRate);
        if (held.length > 0) expect(compare(equity, margin)).toBeGreaterThanOrEqual(0);
      });
      liquidations += exchange.fills().filter(({ cause }) => cause === 'liquidation').length;
    }),
    // Half as many had ten liquidations or fewer once, by chance.
    { numRuns: 400 },
  );
  expect(liquidations).toBeGreaterThan(10);
});

const large = (instrument: Instrument, multiplier: string): Instrument => ({
  ...instrument,
  multiplier: decimal(multiplier),
});

const isContract = ({ instrument }: Fill): boolean => instrument.includes(':');

test('PX13 ids are of their own, and the same run has the same bytes', () => {
  fc.assert(
    fc.property(settings, steps, (setting, script) => {
      const [a, b] = [play(optionsFor(setting), script), play(optionsFor(setting), script)];
      expect(a.fills().map(factLine)).toEqual(b.fills().map(factLine));
      expect(a.orders().map(factLine)).toEqual(b.orders().map(factLine));
      expect(a.cashFlows().map(factLine)).toEqual(b.cashFlows().map(factLine));
      const executions = a.fills().map(({ executionId }) => executionId);
      expect(new Set(executions).size).toBe(executions.length);
      for (const order of a.orders()) {
        expect(compare(order.filled!, order.quantity)).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 100 },
  );
});
