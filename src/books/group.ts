/**
 * A group is the smallest part of an account's books that depends on the order of its facts, and
 * so the unit that a late fact re-folds:
 *   cash                 money in the reporting currency that no position moved
 *   coin:BTC             one coin's pool, with every contract that settles in it
 *   leg:BTC/USDT:USDT|net   a contract settled in the reporting currency
 */
import { type Decimal, zero } from '../decimal/decimal.ts';
import type { CostMethod, Leg } from '../model/fact.ts';
import { invariant } from '../model/result.ts';
import type { OrderKey } from './effective-order.ts';
import { emptyHolding, type Holding } from './holding.ts';
import { type CauseName, emptyPostings, type Postings } from './postings.ts';
import { emptyTrack, type Track } from './statistics.ts';

/** A coin held: spot belongs to (account, coin). Cost in the reporting currency. */
export interface CoinState {
  readonly holding: Holding;
  readonly track: Track;
}

/** A derivative belongs to (account, instrument, leg). Cost in quote (linear), base (inverse). */
export interface LegState {
  readonly instrument: string;
  readonly leg: Leg;
  readonly holding: Holding;
  readonly track: Track;
  /** Signed quantity that a hedge leg was asked to give and did not have: HISTORY_GAP. */
  gap: Decimal;
}

export interface GroupState {
  /** Null in groups that have no coin. */
  readonly coin: CoinState | null;
  readonly legs: Map<string, LegState>;
  readonly postings: Postings;
  /** Causes that moved coins of unknown cost: their postings are not the whole of them. */
  readonly unvalued: Set<CauseName>;
}

export interface Group {
  readonly key: string;
  state: GroupState;
  /** Effective order of the last fact folded; null before the first. */
  last: OrderKey | null;
}

export const cashKey = 'cash';
export const coinKey = (coin: string): string => `coin:${coin}`;
export const legGroupKey = (instrument: string, leg: Leg): string => `leg:${instrument}|${leg}`;
export const legKey = (instrument: string, leg: Leg): string => `${instrument}|${leg}`;

/** The coin of a coin group, null for the others. */
export const coinOf = (key: string): string | null =>
  key.startsWith('coin:') ? key.slice('coin:'.length) : null;

/** Null: the group has none. */
export const emptyCoin = (key: string, method: CostMethod): CoinState | null =>
  coinOf(key) === null ? null : { holding: emptyHolding(method), track: emptyTrack() };

export const emptyState = (key: string, method: CostMethod): GroupState => ({
  coin: emptyCoin(key, method),
  legs: new Map(),
  postings: emptyPostings(),
  unvalued: new Set(),
});

/** The coin of a group that has one. */
export function coinStateOf(state: GroupState): CoinState {
  invariant(state.coin !== null, 'only a coin group moves coins');
  return state.coin;
}

export const emptyGroup = (key: string, method: CostMethod): Group => ({
  key,
  state: emptyState(key, method),
  last: null,
});

export function legOf(
  state: GroupState,
  instrument: string,
  leg: Leg,
  method: CostMethod,
  key = legKey(instrument, leg),
): LegState {
  const known = state.legs.get(key);
  if (known !== undefined) return known;
  const fresh: LegState = {
    instrument,
    leg,
    holding: emptyHolding(method),
    track: emptyTrack(),
    gap: zero,
  };
  state.legs.set(key, fresh);
  return fresh;
}
