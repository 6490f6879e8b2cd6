/** Figures that open to their entries: what each is in a group of the books. */
import { coinOf, type GroupState, type LegState } from '../../../books/group.ts';
import type { Statistics, Track } from '../../../books/statistics.ts';
import { type Decimal, negate, zero } from '../../../decimal/decimal.ts';
import type { FigureOf, GroupsSeen } from './history.ts';

export type FigureName = 'balance' | 'position' | 'realised' | 'fees' | 'funding';

/** Of a position: of all its time, or since it was flat last, as it stands beside it. */
export type FigureSpan = 'lifetime' | 'open';

export interface FigureAsked {
  readonly what: FigureName;
  /** A currency, an instrument, a coin; `*`: the whole account, of what was realised and paid. */
  readonly key: string;
  readonly leg: string;
  readonly span: FigureSpan;
}

export interface Figure {
  readonly of: FigureOf;
  readonly unit: string;
  readonly formula: string;
  /** Of a part of it something is not known: what the entries add up to is not the whole. */
  readonly isPartial: (state: GroupState, key: string) => boolean;
}

const never = () => false;

/** Null: there is no such figure in them. */
export function figureOf(seen: GroupsSeen, asked: FigureAsked): Figure | null {
  const { what, key } = asked;
  if (what === 'balance') return balanceFigure(seen, key);
  if (key === '*') return what === 'position' ? null : accountFigure(seen, what);
  const trackOf = trackIn(seen, asked);
  if (what === 'position') return positionFigure(seen, asked);
  const [one] = seen.groups.flatMap(({ state, key: group }) => trackOf(state, group) ?? []);
  if (one === undefined) return null;
  if (what === 'fees') return feesFigure(one, trackOf, asked.span);
  return what === 'funding'
    ? fundingFigure(seen, asked, trackOf)
    : realisedFigure(seen, asked, trackOf);
}

function balanceFigure(seen: GroupsSeen, currency: string): Figure | null {
  const { context } = seen;
  if (currency === context.settings.currency) {
    return {
      of: (state) => state.postings.cash,
      unit: currency,
      formula: 'opening + flows - fees + what fills paid and received + realised + funding',
      isPartial: never,
    };
  }
  const of: FigureOf = (state, group) => coinIn(seen, state, group, currency);
  const isHeld = seen.groups.some(({ state, key }) => of(state, key) !== null);
  const formula = 'opening + flows + bought - sold - fees in it + realised and funding in it';
  return isHeld ? { of, unit: currency, formula, isPartial: never } : null;
}

function coinIn({ context }: GroupsSeen, state: GroupState, group: string, coin: string) {
  const own = coinOf(group);
  const isIt = own !== null && context.nameOf(own) === coin;
  return isIt ? (state.coin?.holding.quantity ?? null) : null;
}

function positionFigure(seen: GroupsSeen, { key, leg }: FigureAsked): Figure | null {
  const of: FigureOf = (state, group) =>
    coinIn(seen, state, group, key) ?? legIn(seen, state, key, leg)?.holding.quantity ?? null;
  const isHeld = seen.groups.some(({ state, key: group }) => of(state, group) !== null);
  const formula = 'opening + bought - sold, each fill with its quantity';
  return isHeld ? { of, unit: key, formula, isPartial: never } : null;
}

function legIn({ context }: GroupsSeen, state: GroupState, name: string, leg: string) {
  for (const one of state.legs.values()) {
    if (one.leg === leg && context.nameOf(one.instrument) === name) return one as LegState;
  }
  return null;
}

type TrackOf = (state: GroupState, group: string) => Track | null;

function trackIn(seen: GroupsSeen, { key, leg }: FigureAsked): TrackOf {
  return (state, group) => {
    const coin = coinIn(seen, state, group, key);
    return coin === null ? (legIn(seen, state, key, leg)?.track ?? null) : state.coin!.track;
  };
}

/** What is since the position was flat goes back to zero when it is flat again. */
const sinceWords = (span: FigureSpan): string =>
  span === 'open' ? '; since it was flat last, when it began at zero' : '';

const statisticsIn = (track: Track | null, span: FigureSpan): Statistics | null =>
  track === null ? null : span === 'open' ? track.since : track.lifetime;

/** A contract's is in its settlement currency, a coin's in the currency of the account. */
function unitOf(seen: GroupsSeen, { key, leg }: FigureAsked): string {
  const { context } = seen;
  const isContract = seen.groups.some(({ state }) => legIn(seen, state, key, leg) !== null);
  const terms = context.instruments().find(({ name }) => name === key);
  return (isContract ? terms?.settle : null) ?? context.settings.currency;
}

function realisedFigure(seen: GroupsSeen, asked: FigureAsked, trackOf: TrackOf): Figure {
  const { span } = asked;
  return {
    of: (state, group) => statisticsIn(trackOf(state, group), span)?.realised ?? null,
    unit: unitOf(seen, asked),
    formula: `for each reduction: what it brought - what that part had cost${sinceWords(span)}`,
    isPartial: (state, group) =>
      statisticsIn(trackOf(state, group), span)?.realisedUnknown === true,
  };
}

function fundingFigure(seen: GroupsSeen, asked: FigureAsked, trackOf: TrackOf): Figure {
  const { span } = asked;
  return {
    of: (state, group) => statisticsIn(trackOf(state, group), span)?.funding ?? null,
    unit: unitOf(seen, asked),
    formula: `funding received - funding paid${sinceWords(span)}`,
    isPartial: never,
  };
}

/** Of fees in several currencies the first one; sums of several are none. */
function feesFigure(first: Track, trackOf: TrackOf, span: FigureSpan): Figure {
  const { fees } = first.lifetime;
  const unit = fees[0]?.currency ?? '';
  return {
    of: (state, group) => {
      const of = statisticsIn(trackOf(state, group), span);
      return of && (of.fees.find(({ currency }) => currency === unit)?.amount ?? zero);
    },
    unit,
    formula: `the fees of its fills in ${unit}; positive is a cost${sinceWords(span)}`,
    isPartial: (state, group) => {
      const of = statisticsIn(trackOf(state, group), span);
      return of !== null && (of.feesUnknown > 0 || of.fees.length > 1);
    },
  };
}

const ofAccount = {
  realised: 'for each reduction: what it brought - what that part had cost, at the rates of then',
  fees: 'the fees of all fills and flows, at the rates of then; positive is a cost',
  funding: 'funding received - funding paid, at the rates of then',
} as const;

function accountFigure({ context }: GroupsSeen, what: keyof typeof ofAccount): Figure {
  const of = ({ postings }: GroupState): Decimal =>
    what === 'fees' ? negate(postings.fees) : postings[what];
  const hasUnknownFee = ({ coin, legs }: GroupState) =>
    [coin?.track, ...Array.from(legs.values(), ({ track }) => track)].some(
      (track) => (track?.lifetime.feesUnknown ?? 0) > 0,
    );
  return {
    of,
    unit: context.settings.currency,
    formula: ofAccount[what],
    isPartial: (state) => state.unvalued.has(what) || (what === 'fees' && hasUnknownFee(state)),
  };
}
