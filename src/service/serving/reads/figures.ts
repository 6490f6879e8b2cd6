/** Figures that open to their entries: what each is in a group of the books. */
import type { AccountFold } from '../../../books/account-fold.ts';
import { coinOf, type GroupState, type LegState } from '../../../books/group.ts';
import type { Track } from '../../../books/statistics.ts';
import { type Decimal, negate, zero } from '../../../decimal/decimal.ts';
import type { FigureOf } from './history.ts';

export type FigureName = 'balance' | 'position' | 'realised' | 'fees';

export interface FigureAsked {
  readonly what: FigureName;
  /** A currency, an instrument, a coin; `*`: the whole account, of what was realised and paid. */
  readonly key: string;
  readonly leg: string;
}

export interface Figure {
  readonly of: FigureOf;
  readonly unit: string;
  readonly formula: string;
  /** Of a part of it something is not known: what the entries add up to is not the whole. */
  readonly isPartial: (state: GroupState, key: string) => boolean;
}

const never = () => false;

/** Null: there is no such figure. */
export function figureOf(fold: AccountFold, asked: FigureAsked): Figure | null {
  const { what, key } = asked;
  if (what === 'balance') return balanceFigure(fold, key);
  if (key === '*') return what === 'position' ? null : accountFigure(fold, what);
  const trackOf = trackIn(fold, asked);
  if (what === 'position') return positionFigure(fold, asked);
  const [one] = [...fold.groups()].flatMap(({ state, key: group }) => trackOf(state, group) ?? []);
  if (one === undefined) return null;
  return what === 'realised' ? realisedFigure(fold, asked, trackOf) : feesFigure(one, trackOf);
}

function balanceFigure(fold: AccountFold, currency: string): Figure | null {
  const { context } = fold;
  if (currency === context.settings.currency) {
    return {
      of: (state) => state.postings.cash,
      unit: currency,
      formula: 'opening + flows - fees + what fills paid and received + realised + funding',
      isPartial: never,
    };
  }
  const of: FigureOf = (state, group) => coinIn(fold, state, group, currency);
  const isHeld = [...fold.groups()].some(({ state, key }) => of(state, key) !== null);
  const formula = 'opening + flows + bought - sold - fees in it + realised and funding in it';
  return isHeld ? { of, unit: currency, formula, isPartial: never } : null;
}

function coinIn({ context }: AccountFold, state: GroupState, group: string, coin: string) {
  const own = coinOf(group);
  const isIt = own !== null && context.nameOf(own) === coin;
  return isIt ? (state.coin?.holding.quantity ?? null) : null;
}

function positionFigure(fold: AccountFold, { key, leg }: FigureAsked): Figure | null {
  const of: FigureOf = (state, group) =>
    coinIn(fold, state, group, key) ?? legIn(fold, state, key, leg)?.holding.quantity ?? null;
  const isHeld = [...fold.groups()].some(({ state, key: group }) => of(state, group) !== null);
  const formula = 'opening + bought - sold, each fill with its quantity';
  return isHeld ? { of, unit: key, formula, isPartial: never } : null;
}

function legIn({ context }: AccountFold, state: GroupState, name: string, leg: string) {
  for (const one of state.legs.values()) {
    if (one.leg === leg && context.nameOf(one.instrument) === name) return one as LegState;
  }
  return null;
}

type TrackOf = (state: GroupState, group: string) => Track | null;

function trackIn(fold: AccountFold, { key, leg }: FigureAsked): TrackOf {
  return (state, group) => {
    const coin = coinIn(fold, state, group, key);
    return coin === null ? (legIn(fold, state, key, leg)?.track ?? null) : state.coin!.track;
  };
}

function realisedFigure(fold: AccountFold, { key, leg }: FigureAsked, trackOf: TrackOf): Figure {
  const { context } = fold;
  const leged = [...fold.groups()].flatMap(({ state }) => legIn(fold, state, key, leg) ?? []);
  const terms = context.instruments().find(({ name }) => name === key);
  const isContract = leged.length > 0;
  return {
    of: (state, group) => trackOf(state, group)?.lifetime.realised ?? null,
    unit: isContract ? (terms?.settle ?? context.settings.currency) : context.settings.currency,
    formula: 'for each reduction: what it brought - what that part had cost',
    isPartial: (state, group) => trackOf(state, group)?.lifetime.realisedUnknown === true,
  };
}

/** Of fees in several currencies the first one; sums of several are none. */
function feesFigure(first: Track, trackOf: TrackOf): Figure {
  const { fees } = first.lifetime;
  const unit = fees[0]?.currency ?? '';
  return {
    of: (state, group) => {
      const track = trackOf(state, group);
      if (track === null) return null;
      return track.lifetime.fees.find(({ currency }) => currency === unit)?.amount ?? zero;
    },
    unit,
    formula: `the fees of its fills in ${unit}; positive is a cost`,
    isPartial: (state, group) => {
      const track = trackOf(state, group);
      return track !== null && (track.lifetime.feesUnknown > 0 || track.lifetime.fees.length > 1);
    },
  };
}

function accountFigure({ context }: AccountFold, what: 'realised' | 'fees'): Figure {
  const of = (state: GroupState): Decimal =>
    what === 'realised' ? state.postings.realised : negate(state.postings.fees);
  const hasUnknownFee = ({ coin, legs }: GroupState) =>
    [coin?.track, ...Array.from(legs.values(), ({ track }) => track)].some(
      (track) => (track?.lifetime.feesUnknown ?? 0) > 0,
    );
  return {
    of,
    unit: context.settings.currency,
    formula:
      what === 'realised'
        ? 'for each reduction: what it brought - what that part had cost, at the rates of then'
        : 'the fees of all fills and flows, at the rates of then; positive is a cost',
    isPartial: (state) => state.unvalued.has(what) || (what === 'fees' && hasUnknownFee(state)),
  };
}
