/**
 * The books of one account as values at an instant: balances, positions, equity, results. Null is
 * unknown, and `unpriced` and `unknown` say why.
 */
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  one as oneUnit,
  roundingScale,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import type { Leg } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { InstrumentType } from '../model/instrument.ts';
import type { AccountFold } from './account-fold.ts';
import { coinOf, type Group, type LegState } from './group.ts';
import { averageCost, isFlat } from './holding.ts';
import {
  coinValue,
  contractValueOf,
  converted,
  hasValue,
  type PartValue,
  type Unpriced,
} from './part-value.ts';
import type { CauseName, Postings } from './postings.ts';
import type { AccountSettings } from './settings.ts';
import type { Statistics } from './statistics.ts';
import {
  type MarkView,
  markOf,
  unrealisedOfCoin,
  unrealisedOfContract,
  type ValuationOptions,
} from './valuation.ts';

export interface BalanceView {
  readonly currency: string;
  readonly total: Decimal;
}

/** Spot rows are one coin each: `asset` is the coin, `instrument` the pair that values it. */
export interface PositionView {
  readonly type: InstrumentType;
  readonly instrument: string;
  readonly asset: string | null;
  readonly leg: Leg;
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  /** Signed; in the reporting currency (spot), quote (linear) or base (inverse). */
  readonly costBasis: Decimal | null;
  /** Signed quantity whose cost nobody stated. */
  readonly unknownQuantity: Decimal;
  readonly multiplier: Decimal;
  readonly settle: string;
  readonly openedAt: Instant | null;
  readonly since: Statistics;
  readonly lifetime: Statistics;
  readonly mark: MarkView | null;
  readonly unrealisedPnl: Decimal | null;
  /** Signed quantity that a hedge leg was asked to give beyond what it held. */
  readonly gap: Decimal;
}

export interface EquityView {
  /** Null while a part is unpriced; `known` is the sum of the others. */
  readonly total: Decimal | null;
  readonly known: Decimal;
  readonly cash: Decimal;
  readonly positionsValue: Decimal | null;
  /** Over all positions, spot included: information, not an addend. */
  readonly unrealisedPnl: Decimal | null;
  readonly rates: readonly (MarkView & { readonly currency: string })[];
  readonly unpriced: readonly Unpriced[];
  /** Value of coins of unknown cost above what is known of it: the bridge's revaluation. */
  readonly unexplainedValue: Decimal;
  /** Unrealised PnL in the reporting currency, of known cost only. */
  readonly unrealised: Decimal;
}

export interface ResultView {
  readonly gross: Decimal | null;
  /** Positive is a cost. */
  readonly fees: Decimal | null;
  readonly funding: Decimal | null;
  readonly net: Decimal | null;
}

export interface BookView {
  readonly settings: AccountSettings;
  readonly asOf: Instant;
  readonly balances: readonly BalanceView[];
  /** Flat ones included, in the order of (instrument or asset, leg). */
  readonly positions: readonly PositionView[];
  readonly equity: EquityView;
  readonly realisedPnl: ResultView;
  readonly postings: Postings;
  readonly unvalued: ReadonlySet<CauseName>;
}

export function viewOf(fold: AccountFold, options: ValuationOptions): BookView {
  const sum = new EquitySum(fold, options);
  const positions: PositionView[] = [];
  const balances: BalanceView[] = [{ currency: fold.context.settings.currency, total: sum.cash }];
  for (const group of fold.groups()) {
    const coin = coinOf(group.key);
    if (coin !== null) {
      balances.push({
        currency: fold.context.nameOf(coin),
        total: group.state.coin?.holding.quantity ?? zero,
      });
      positions.push(sum.addCoin(group, coin));
    }
    for (const leg of group.state.legs.values()) positions.push(sum.addLeg(leg));
  }
  return {
    settings: fold.context.settings,
    asOf: options.asOf,
    balances: balances.sort((a, b) => byBytes(a.currency, b.currency)),
    positions: positions.sort(
      (a, b) => byBytes(a.asset ?? a.instrument, b.asset ?? b.instrument) || byBytes(a.leg, b.leg),
    ),
    equity: sum.equity(),
    realisedPnl: resultOf(fold),
    postings: { ...fold.postings },
    unvalued: unvaluedOf(fold),
  };
}

export const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

class EquitySum {
  readonly cash: Decimal;
  readonly #fold: AccountFold;
  readonly #options: ValuationOptions;
  readonly #rates = new Map<string, MarkView & { readonly currency: string }>();
  readonly #unpriced: Unpriced[] = [];
  #allKnown = true;
  #value = zero;
  #unrealised = zero;
  #unexplained = zero;

  constructor(fold: AccountFold, options: ValuationOptions) {
    this.#fold = fold;
    this.#options = options;
    this.cash = fold.postings.cash;
  }

  addCoin(group: Group, coin: string): PositionView {
    const { context } = this.#fold;
    const { holding, track } = group.state.coin!;
    const name = context.nameOf(coin);
    const rate = this.#rate(name);
    const unrealised = rate === null ? null : unrealisedOfCoin(holding, rate.price);
    this.#add(coinValue(name, holding, rate));
    if (rate !== null && !rate.stale && !isFlat(holding)) this.#rates.set(name, rate);
    return {
      type: 'spot',
      instrument: this.#pairOf(name),
      asset: name,
      leg: 'net',
      quantity: holding.quantity,
      averagePrice: averageCost(holding, oneUnit),
      costBasis: isZero(holding.unknown) ? holding.cost : null,
      unknownQuantity: holding.unknown,
      multiplier: oneUnit,
      settle: context.settings.currency,
      openedAt: holding.openedAt,
      since: track.since,
      lifetime: track.lifetime,
      mark: rate,
      unrealisedPnl: unrealised,
      gap: zero,
    };
  }

  addLeg(leg: LegState): PositionView {
    const { context } = this.#fold;
    const name = context.nameOf(leg.instrument);
    const instrument = context.instrumentAt(name, this.#options.asOf);
    const mark = markOf(name, this.#options);
    const unrealised =
      mark === null ? null : unrealisedOfContract(leg.holding, instrument, mark.price);
    const settle = context.nameOf(context.rootOf(instrument.settle));
    const own = contractValueOf(name, leg.holding, instrument, mark);
    const isForeign = settle !== context.settings.currency && hasValue(own);
    this.#add(isForeign ? converted(own, settle, this.#usedRate(settle)) : own);
    return {
      type: instrument.type,
      instrument: name,
      asset: null,
      leg: leg.leg,
      quantity: leg.holding.quantity,
      averagePrice: averagePriceOf(leg, instrument.type, instrument.multiplier),
      costBasis: isZero(leg.holding.unknown) ? leg.holding.cost : null,
      unknownQuantity: leg.holding.unknown,
      multiplier: instrument.multiplier,
      settle: instrument.settle,
      openedAt: leg.holding.openedAt,
      since: leg.track.since,
      lifetime: leg.track.lifetime,
      mark,
      unrealisedPnl: unrealised,
      gap: leg.gap,
    };
  }

  equity(): EquityView {
    const known = add(this.cash, this.#value);
    const complete = this.#unpriced.length === 0;
    return {
      total: complete ? known : null,
      known,
      cash: this.cash,
      positionsValue: complete ? this.#value : null,
      unrealisedPnl: complete && this.#allKnown ? this.#unrealised : null,
      rates: [...this.#rates.values()].sort((a, b) => byBytes(a.currency, b.currency)),
      unpriced: this.#unpriced.sort(
        (a, b) => byBytes(a.what, b.what) || compare(a.quantity, b.quantity),
      ),
      unexplainedValue: this.#unexplained,
      unrealised: this.#unrealised,
    };
  }

  #add({ value, unrealised, unexplained, unpriced }: PartValue): void {
    this.#value = add(this.#value, value);
    if (unrealised === null) this.#allKnown = false;
    else this.#unrealised = add(this.#unrealised, unrealised);
    this.#unexplained = add(this.#unexplained, unexplained);
    if (unpriced !== null) this.#unpriced.push(unpriced);
  }

  /** The rate of a coin that profit comes in, which is then told with the result. */
  #usedRate(coin: string): MarkView | null {
    const rate = this.#rate(coin);
    if (rate !== null && !rate.stale) this.#rates.set(coin, rate);
    return rate;
  }

  #pairOf(coin: string): string {
    return `${coin}/${this.#fold.context.settings.currency}`;
  }

  #rate(coin: string): (MarkView & { readonly currency: string }) | null {
    const mark = markOf(this.#pairOf(coin), this.#options);
    return mark === null ? null : { ...mark, currency: coin };
  }
}

/** Linear: cost per base unit. Inverse: quote units per base unit of cost, the harmonic average. */
export function averagePriceOf(
  leg: LegState,
  type: InstrumentType,
  multiplier: Decimal,
): Decimal | null {
  const { holding } = leg;
  if (type !== 'inverse') return averageCost(holding, multiplier);
  if (isFlat(holding) || !isZero(holding.unknown) || isZero(holding.cost)) return null;
  return divideHalfEven(multiply(holding.quantity, multiplier), holding.cost, roundingScale);
}

function unvaluedOf(fold: AccountFold): ReadonlySet<CauseName> {
  const causes = new Set<CauseName>();
  for (const { state } of fold.groups()) {
    for (const cause of state.unvalued) causes.add(cause);
    const tracks = [state.coin?.track, ...Array.from(state.legs.values(), (leg) => leg.track)];
    if (tracks.some((track) => (track?.lifetime.feesUnknown ?? 0) > 0)) causes.add('fees');
  }
  return causes;
}

function resultOf(fold: AccountFold): ResultView {
  const unvalued = unvaluedOf(fold);
  const { postings } = fold;
  const gross = unvalued.has('realised') ? null : postings.realised;
  const fees = unvalued.has('fees') ? null : negate(postings.fees);
  const funding = unvalued.has('funding') ? null : postings.funding;
  const net =
    gross === null || fees === null || funding === null
      ? null
      : add(subtract(gross, fees), funding);
  return { gross, fees, funding, net };
}
