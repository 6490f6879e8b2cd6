import type { Fact, Loaded } from './data-folder.ts';
import { hasData } from './data-folder.ts';
import { equal, multiply, negate, round, sign, subtract, sum } from './exact.ts';
import type { CostMethod } from './fact-makers.ts';
import { accountFact, spotInstrument } from './fact-makers.ts';
import type { HoldingBalance, Matched, Rp2Report } from './rp2-golden.ts';
import { readGoldenTax } from './rp2-golden.ts';
import type { InputRow, InRow, IntraRow, OutRow } from './rp2-input.ts';
import { readInput } from './rp2-input.ts';

export type { HoldingBalance, Matched, Rp2Method, Rp2Report } from './rp2-golden.ts';
export { listReports } from './rp2-golden.ts';

// rp2 matches lots over all holdings of an asset at once, so all of them are one account here, and
// a move between them is nothing but its network fee. rp2's own rules of tax are left out: coins
// earned as income on arrival, long and short terms, and the network fee as a sale at spot price.

const ACCOUNT = 'main';
const VENUE = 'rp2';
const EVENT_DECIMALS = 18;
const AVERAGE_DECIMALS = 10;

/**
 * A gift or donation is a disposal at the spot price to rp2. 'sale' books it as that, with the
 * money given away at once, and its gain ties too; 'withdrawal' books what happened, and then
 * only the lots and costs that leave can be compared.
 */
export type GiftBooking = 'sale' | 'withdrawal';

export interface Rp2Event {
  readonly time: string;
  /** SELL, GIFT, DONATE or MOVE (a network fee). */
  readonly type: string;
  /** executionId of the fill, id of the withdrawal or of the fee fact. */
  readonly factId: string;
  /** All that left, the fee in the coin included. */
  readonly quantity: string;
  readonly cost: string;
  /** For a MOVE a rule of tax: the coins cost a fee, nobody paid for them. */
  readonly proceeds: string;
  /** proceeds - cost = realised of the fill - cost of the coins that its fee took. */
  readonly gain: string;
}

export interface Rp2Lot {
  readonly openedAt: string;
  readonly quantity: string;
  readonly cost: string;
}

export interface Rp2Expected {
  readonly matched: readonly Matched[];
  readonly events: readonly Rp2Event[];
  readonly lotsLeft: readonly Rp2Lot[];
  readonly quantityLeft: string;
  readonly costLeft: string;
  /** rp2's average is over all that ever came in; it is that of the book where nothing left. */
  readonly averagePaid: string;
  /** averagePaid is a float in print: compare it rounded to so many decimals. */
  readonly averageDecimals: number;
  readonly averageIsOfBook: boolean;
}

export interface Rp2Scope {
  readonly inScope: boolean;
  readonly reason: string;
}

export const available = (): boolean => hasData('lots-rp2/');

/** Do our lot methods alone decide this report, and if not, why? */
export const scopeOf = (report: Rp2Report, asset: string): Rp2Scope => {
  if (report.method === 'lofo') return { inScope: false, reason: 'no cost method LOFO' };
  const rows = readInput(report.input, asset);
  const contradictory = rows.some(
    (row) => row.table === 'IN' && !equal(row.paidPrice, row.spotPrice),
  );
  if (report.method === 'hifo' && contradictory) {
    const reason = 'rp2 ranks lots by the spot price, which here contradicts the price paid';
    return { inScope: false, reason };
  }
  const reason = rows.every((row) => row.table === 'IN') ? 'nothing leaves' : 'lots decide it';
  return { inScope: true, reason };
};

/** One account for all holdings of the asset: lots, costs, gains. */
export const loadRp2 = (
  report: Rp2Report,
  asset: string,
  gifts: GiftBooking = 'sale',
): Loaded<Rp2Expected> => {
  const rows = readInput(report.input, asset);
  const { matched, averagePaid } = readGoldenTax(report, asset);
  const lotsLeft = lotsLeftOf(rows, matched);
  const expected: Rp2Expected = {
    matched,
    events: eventsOf(matched),
    lotsLeft,
    quantityLeft: sum(lotsLeft.map(({ quantity }) => quantity)),
    costLeft: sum(lotsLeft.map(({ cost }) => cost)),
    averagePaid,
    averageDecimals: AVERAGE_DECIMALS,
    averageIsOfBook: matched.length === 0,
  };
  const context: Context = { ...report, asset, gifts, accountOf: () => ACCOUNT };
  const facts = rows.flatMap((row) => (row.table === 'INTRA' ? [] : rowFacts(context, row)));
  const moves = rows.flatMap((row) => (row.table === 'INTRA' ? networkFee(context, row) : []));
  return { facts: [...openingFacts(context, [ACCOUNT], rows), ...facts, ...moves], expected };
};

/** One account per holding, with transfers between them: the balances of the report. */
export const loadRp2Holdings = (
  report: Rp2Report,
  asset: string,
): Loaded<readonly HoldingBalance[]> => {
  const rows = readInput(report.input, asset);
  const { balances } = readGoldenTax(report, asset);
  const context: Context = { ...report, asset, gifts: 'withdrawal', accountOf: (name) => name };
  const accounts = balances.map(({ holding }) => holding);
  const facts = rows.flatMap((row) =>
    row.table === 'INTRA' ? transferFacts(context, row) : rowFacts(context, row),
  );
  return { facts: [...openingFacts(context, accounts, rows), ...facts], expected: balances };
};

interface Context extends Rp2Report {
  readonly asset: string;
  readonly gifts: GiftBooking;
  readonly accountOf: (holding: string) => string;
}

const factId = (type: string, time: string): string => `${type.toLowerCase()}-${time}`;

const eventsOf = (matched: readonly Matched[]): readonly Rp2Event[] => {
  const parts = Map.groupBy(matched, ({ type, time }) => factId(type, time));
  return [...parts].map(([id, of]) => {
    const cost = sum(of.map((part) => part.cost));
    const proceeds = round(sum(of.map((part) => part.proceeds)), EVENT_DECIMALS);
    return {
      time: of[0]?.time ?? '',
      type: of[0]?.type ?? '',
      factId: id,
      quantity: sum(of.map((part) => part.quantity)),
      cost,
      proceeds,
      gain: subtract(proceeds, cost),
    };
  });
};

/** Every lot that came in, less what rp2 matched with it. */
const lotsLeftOf = (rows: readonly InputRow[], matched: readonly Matched[]): readonly Rp2Lot[] =>
  rows
    .filter((row) => row.table === 'IN')
    .map(({ time, quantity, cost }) => {
      const parts = matched.filter(({ lotTime }) => lotTime === time);
      return {
        openedAt: time,
        quantity: subtract(quantity, sum(parts.map((part) => part.quantity))),
        cost: subtract(cost, sum(parts.map((part) => part.cost))),
      };
    })
    .filter(({ quantity }) => sign(quantity) !== 0);

const openingFacts = (context: Context, accounts: readonly string[], rows: readonly InputRow[]) => {
  const { asset, currency, method } = context;
  const time = `${rows[0]?.time.slice(0, 'yyyy'.length) ?? ''}-01-01T00:00:00Z`;
  const costMethod: CostMethod = method === 'lofo' ? 'average' : method;
  return [
    ...accounts.map((account) =>
      accountFact({ account, venue: VENUE, currency, costMethod, feesInCost: true, time }),
    ),
    spotInstrument({ venue: VENUE, base: asset, quote: currency, symbol: asset, class: 'crypto' }),
  ];
};

const rowFacts = (context: Context, row: InRow | OutRow): readonly Fact[] => {
  if (row.table === 'IN') return [row.type === 'BUY' ? buy(context, row) : earned(context, row)];
  if (row.type === 'SELL') return [sale(context, row)];
  return context.gifts === 'sale' ? soldGift(context, row) : [withdrawnGift(context, row)];
};

const instrumentOf = ({ asset, currency }: Context): string => `${asset}/${currency}`;

const buy = (context: Context, row: InRow): Fact => ({
  kind: 'fill',
  account: context.accountOf(row.holding),
  instrument: instrumentOf(context),
  side: 'buy',
  quantity: row.quantity,
  price: row.paidPrice,
  fee: row.fee,
  feeCurrency: context.currency,
  executionId: factId(row.type, row.time),
  time: row.time,
});

const earned = (context: Context, row: InRow): Fact => ({
  kind: 'deposit',
  account: context.accountOf(row.holding),
  currency: context.asset,
  amount: row.quantity,
  cost: row.cost,
  id: factId(row.type, row.time),
  time: row.time,
});

const sale = (context: Context, row: OutRow): Fact => ({
  kind: 'fill',
  account: context.accountOf(row.holding),
  instrument: instrumentOf(context),
  side: 'sell',
  quantity: row.quantity,
  price: row.spotPrice,
  fee: row.coinFee,
  feeCurrency: context.asset,
  executionId: factId(row.type, row.time),
  time: row.time,
});

const withdrawnGift = (context: Context, row: OutRow): Fact => ({
  kind: 'withdrawal',
  account: context.accountOf(row.holding),
  currency: context.asset,
  amount: row.quantity,
  fee: row.coinFee,
  feeCurrency: context.asset,
  id: factId(row.type, row.time),
  time: row.time,
});

const soldGift = (context: Context, row: OutRow): readonly Fact[] => [
  sale(context, row),
  {
    kind: 'withdrawal',
    account: context.accountOf(row.holding),
    currency: context.currency,
    amount: proceedsOf(row),
    id: `${factId(row.type, row.time)}-proceeds`,
    time: row.time,
  },
];

const proceedsOf = ({ quantity, spotPrice }: OutRow): string => multiply(quantity, spotPrice);

const networkFee = (context: Context, row: IntraRow): readonly Fact[] => {
  const amount = subtract(row.sent, row.received);
  if (sign(amount) === 0) return [];
  const { from, time } = row;
  const currency = context.asset;
  const id = factId('move', time);
  return [{ kind: 'fee', account: context.accountOf(from), currency, amount, id, time }];
};

const transferFacts = (context: Context, row: IntraRow): readonly Fact[] => {
  const { from, to, received, time } = row;
  const common = { kind: 'transfer', currency: context.asset, transferId: `t-${time}`, time };
  return [
    { ...common, account: from, amount: negate(received), counterAccount: to },
    { ...common, account: to, amount: received, counterAccount: from },
    ...networkFee(context, row),
  ];
};
