/** A group's state as text and back: for pages, snapshots and comparing books byte by byte. */
import { isZero } from '../decimal/decimal.ts';
import { decimal, decimalOrNull, toText, toTextOrNull } from '../decimal/text.ts';
import type { CostMethod, Leg } from '../model/fact.ts';
import { emptyCoin, type GroupState, type LegState, legKey } from './group.ts';
import type { Holding } from './holding.ts';
import { type CauseName, emptyPostings, type Postings, postingNames } from './postings.ts';
import type { Statistics, Track } from './statistics.ts';

/** Raised whenever a fold's result or this text changes: older snapshots are then not used. */
export const foldVersion = 1;

type LotText = readonly [string, string | null, string];
type HoldingText = readonly [string, string, string, string | null, readonly LotText[] | null];
type StatisticsText = readonly [string, number, readonly string[], number, string];
type TrackText = readonly [StatisticsText, StatisticsText];
type LegText = readonly [string, Leg, HoldingText, TrackText, string];

interface StateText {
  readonly c?: readonly [HoldingText, TrackText];
  readonly l?: readonly LegText[];
  readonly p: Readonly<Record<string, string>>;
  readonly u?: readonly CauseName[];
}

export function stateText(state: GroupState): string {
  const postings: Record<string, string> = {};
  for (const name of postingNames) {
    if (!isZero(state.postings[name])) postings[name] = toText(state.postings[name]);
  }
  const legs = [...state.legs.values()]
    .sort((a, b) => (legKey(a.instrument, a.leg) < legKey(b.instrument, b.leg) ? -1 : 1))
    .map(legText);
  const text: StateText = {
    ...(state.coin === null
      ? {}
      : { c: [holdingText(state.coin.holding), trackText(state.coin.track)] }),
    ...(legs.length === 0 ? {} : { l: legs }),
    p: postings,
    ...(state.unvalued.size === 0 ? {} : { u: [...state.unvalued].sort() }),
  };
  return JSON.stringify(text);
}

/** What a state has posted, without reading the rest of it. */
export const postingsFromText = (text: string): Postings =>
  postingsOf(JSON.parse(text) as StateText);

function postingsOf({ p }: StateText): Postings {
  const postings = emptyPostings();
  for (const name of postingNames) {
    const value = p[name];
    if (value !== undefined) postings[name] = decimal(value);
  }
  return postings;
}

export function stateFromText(text: string, key: string, method: CostMethod): GroupState {
  const read = JSON.parse(text) as StateText;
  const postings = postingsOf(read);
  const legs = new Map<string, LegState>();
  for (const leg of (read.l ?? []).map(legFromText)) legs.set(legKey(leg.instrument, leg.leg), leg);
  const coin =
    read.c === undefined
      ? emptyCoin(key, method)
      : { holding: holdingFromText(read.c[0]), track: trackFromText(read.c[1]) };
  return { coin, legs, postings, unvalued: new Set(read.u ?? []) };
}

const legText = (leg: LegState): LegText => [
  leg.instrument,
  leg.leg,
  holdingText(leg.holding),
  trackText(leg.track),
  toText(leg.gap),
];

function legFromText([instrument, leg, holding, track, gap]: LegText): LegState {
  return {
    instrument,
    leg,
    holding: holdingFromText(holding),
    track: trackFromText(track),
    gap: decimal(gap),
  };
}

const holdingText = (holding: Holding): HoldingText => [
  toText(holding.quantity),
  toText(holding.cost),
  toText(holding.unknown),
  holding.openedAt === null ? null : String(holding.openedAt),
  holding.lots?.map(
    (lot): LotText => [toText(lot.quantity), toTextOrNull(lot.cost), String(lot.openedAt)],
  ) ?? null,
];

function holdingFromText([quantity, cost, unknown, openedAt, lots]: HoldingText): Holding {
  return {
    quantity: decimal(quantity),
    cost: decimal(cost),
    unknown: decimal(unknown),
    openedAt: openedAt === null ? null : BigInt(openedAt),
    lots:
      lots?.map(([size, lotCost, at]) => ({
        quantity: decimal(size),
        cost: decimalOrNull(lotCost),
        openedAt: BigInt(at),
      })) ?? null,
  };
}

const trackText = (track: Track): TrackText => [
  statisticsText(track.since),
  statisticsText(track.lifetime),
];

const trackFromText = ([since, lifetime]: TrackText): Track => ({
  since: statisticsFromText(since),
  lifetime: statisticsFromText(lifetime),
});

const statisticsText = (statistics: Statistics): StatisticsText => [
  toText(statistics.realised),
  statistics.realisedUnknown ? 1 : 0,
  statistics.fees.flatMap((fee) => [fee.currency, toText(fee.amount)]),
  statistics.feesUnknown,
  toText(statistics.funding),
];

function statisticsFromText([realised, unknown, fees, feesUnknown, funding]: StatisticsText) {
  const statistics: Statistics = {
    realised: decimal(realised),
    realisedUnknown: unknown === 1,
    fees: [],
    feesUnknown,
    funding: decimal(funding),
  };
  for (let i = 0; i + 1 < fees.length; i += 2) {
    statistics.fees.push({ currency: fees[i]!, amount: decimal(fees[i + 1]!) });
  }
  return statistics;
}
