/** Random accounts and what can go wrong between them and their book, repeatable by seed. */
import type { Decimal } from '../../src/decimal/decimal.ts';
import { decimalOf } from '../../src/decimal/decimal.ts';
import type { CashFact, CashKind, Fill } from '../../src/model/fact.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import type { Statement } from '../../src/model/statement.ts';
import type { ListedFact } from '../../src/reconcile/book-side.ts';
import { isFill } from '../../src/reconcile/gap.ts';
import type { Random } from '../decimal/random.ts';
import { at, type Ledger, ledgerOf, section, settingsIn, statementAt } from './kit.ts';
import { holdingsOf } from './venue.ts';

const instruments = ['BTC/USDT', 'ETH/USDT', 'AGI/USDT:USDT', 'SCA/USDT:USDT', 'BTC/USDT:USDT'];
const flows: readonly CashKind[] = ['funding', 'interest', 'transfer', 'deposit', 'fee'];

const plain: Omit<
  Fill,
  'instrument' | 'side' | 'quantity' | 'price' | 'fees' | 'executionId' | 'time'
> = {
  ...{ kind: 'fill', account: 'main', leg: 'net', liquidity: null, orderId: null },
  ...{ clientOrderId: null, strategy: null, venueSequence: null, provisional: false },
  cause: 'trade',
};

const amount = (random: Random, units: number): Decimal =>
  decimalOf(random.between(1, units), random.pick([0, 2, 3]));

export function randomFill(random: Random, index: number): Fill {
  const instrument = random.pick(instruments);
  const feeIn = random.pick(['USDT', 'USDT', 'BNB']);
  return {
    ...plain,
    instrument,
    side: random.pick(['buy', 'sell'] as const),
    quantity: amount(random, 900),
    price: amount(random, 9_000),
    fees: random.chance(0.2) ? [] : [{ currency: feeIn, amount: amount(random, 50) }],
    executionId: `e${index}`,
    time: at(index * 3),
  };
}

export function randomFlow(random: Random, index: number): CashFact {
  const kind = random.pick(flows);
  const sign = ['funding', 'interest', 'transfer'].includes(kind) && random.chance(0.5) ? -1 : 1;
  return {
    ...{ kind, account: 'main', currency: random.pick(['USDT', 'USDT', 'BNB']), id: `c${index}` },
    amount: decimalOf(sign * random.between(1, 9_000), 2),
    instrument: kind === 'funding' ? 'AGI/USDT:USDT' : null,
    ...{ leg: null, cost: null, fee: null, state: 'booked', counterAccount: null, reason: null },
    ...{ venueSequence: null, time: at(index * 3) },
  };
}

/** Facts three seconds apart: no two are twins by chance. */
export const randomFacts = (random: Random, count: number): ListedFact[] =>
  Array.from({ length: count }, (_, index) =>
    random.chance(0.7) ? randomFill(random, index) : randomFlow(random, index),
  );

export type Fault = 'none' | 'lost' | 'doubled' | 'invented' | 'changed' | 'renamed' | 'turned';

const faults: readonly Fault[] = [
  ...(['none', 'none', 'none', 'none', 'lost', 'doubled', 'invented'] as const),
  ...(['changed', 'renamed', 'turned'] as const),
];

/** What a faulty bot would have booked of what happened, and how many faults there are. */
export function faultyBook(
  random: Random,
  facts: readonly ListedFact[],
): { readonly booked: ListedFact[]; readonly faultCount: number } {
  let faultCount = 0;
  const booked = facts.flatMap((fact, index) => {
    const fault = random.pick(faults);
    if (fault !== 'none') faultCount += 1;
    return withFault(random, fact, fault, index);
  });
  return { booked, faultCount };
}

function withFault(random: Random, fact: ListedFact, fault: Fault, index: number): ListedFact[] {
  switch (fault) {
    case 'none':
      return [fact];
    case 'lost':
      return [];
    case 'doubled':
      return [fact, renamed(fact, `x-${index}`)];
    case 'invented': {
      const other = isFill(fact) ? randomFill(random, index) : randomFlow(random, index);
      return [fact, { ...renamed(other, `i-${index}`), time: fact.time + 1_500_000_000n }];
    }
    case 'changed':
      if (!isFill(fact)) return [{ ...fact, amount: amount(random, 77) }];
      return [{ ...fact, price: amount(random, 77), fees: [] }];
    case 'renamed':
      return [renamed(fact, `r-${index}`)];
    case 'turned':
      return [isFill(fact) ? { ...fact, side: fact.side === 'buy' ? 'sell' : 'buy' } : fact];
  }
}

const renamed = (fact: ListedFact, id: string): ListedFact =>
  isFill(fact) ? { ...fact, executionId: id } : { ...fact, id };

export const ledgerWith = (facts: readonly ListedFact[]): Ledger =>
  ledgerOf(facts, {
    settings: settingsIn('USDT'),
    instruments: instruments.map((name) => instrumentFromName('venue', name)!),
  });

export const shuffled = <T>(random: Random, items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, key: random.bits() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** No transfer is on its way any more. */
const dayLater = at(90_000);

/** All that happened, every section complete. */
export function fullStatement(facts: readonly ListedFact[]): Statement {
  const { balances, positions } = holdingsOf(facts);
  // Nothing happens within a second of either end, where absence proves nothing.
  const range = { from: at(-60), to: dayLater };
  return statementAt(dayLater, {
    positions: section(positions),
    balances: section(balances),
    orders: section([]),
    executions: section(facts.filter(isFill), range),
    cashFlows: section(
      facts.filter((fact) => !isFill(fact)),
      range,
    ),
  });
}
