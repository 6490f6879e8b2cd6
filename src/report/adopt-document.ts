/** The JSON of `adopt`: what of a source's history is in our book, and what could not be proved. */
import { absolute, compare, type Decimal, isZero, subtract } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import { type Instant, instantTextOrNull } from '../model/instant.ts';
import type { SourceIdentity, SourceZone } from '../model/source.ts';

export interface AdoptCounts {
  booked: number;
  /** Told what our book lacked. */
  enriched: number;
  duplicate: number;
  conflicting: number;
}

/** A figure of both: `slack` is what sums in binary fractions can have lost of the source's. */
export interface Compared {
  readonly ours: Decimal;
  /** Null: the source does not say. */
  readonly theirs: Decimal | null;
  readonly slack: Decimal;
}

export interface NotProved {
  readonly code: string;
  /** What it is about: a symbol, an order's fault; null: the account. */
  readonly key: string | null;
  readonly sentence: string;
}

export interface AdoptedAccount {
  readonly account: string;
  readonly sourceAccount: string;
  readonly currency: string;
  /** The account is new in our book. */
  readonly made: boolean;
  readonly opening: {
    readonly from: string;
    readonly amount: Decimal;
    readonly time: Instant | null;
    readonly known: boolean;
  };
  readonly orders: {
    readonly read: number;
    readonly contained: number;
    readonly left: number;
    readonly firstAt: Instant | null;
    readonly newestAt: Instant | null;
  };
  readonly fills: AdoptCounts;
  readonly marks: AdoptCounts;
  readonly records: AdoptCounts;
  readonly fees: 'none' | 'unknown';
  readonly cash: Compared;
  /** By coin or share. */
  readonly positions: readonly (Compared & { readonly asset: string })[];
  /** Realised PnL; the source's where it noted some. */
  readonly realised: { readonly ours: Decimal | null; readonly theirs: Decimal | null };
  readonly notProved: readonly NotProved[];
}

export interface Adoption {
  readonly identity: SourceIdentity;
  readonly zone: SourceZone;
  readonly book: string;
  readonly dryRun: boolean;
  readonly accounts: readonly AdoptedAccount[];
}

/** Whether both say the same, as far as the source's numbers can say it. */
export const ties = ({ ours, theirs, slack }: Compared): boolean =>
  theirs !== null && compare(absolute(subtract(theirs, ours)), slack) <= 0;

/** 3: a conflict, or the source holds what its orders do not explain; 5: it does not say. */
export function adoptExitCode({ accounts }: Adoption): 0 | 3 | 5 {
  const figures = accounts.flatMap(({ cash, positions }) => [cash, ...positions]);
  const apart = figures.some((one) => one.theirs !== null && !ties(one));
  const conflicts = accounts.some(({ fills }) => fills.conflicting > 0);
  if (apart || conflicts) return 3;
  return figures.some(({ theirs }) => theirs === null) ? 5 : 0;
}

export type AdoptDocument = ReturnType<typeof adoptDocument>;

export const adoptDocument = (adoption: Adoption) => ({
  schema: 'trueup.adopt/1',
  exitCode: adoptExitCode(adoption),
  dryRun: adoption.dryRun,
  book: adoption.book,
  source: {
    schema: adoption.identity.schema,
    generation: adoption.identity.generation,
    engine: adoption.identity.engine,
    location: adoption.identity.location,
    timezone: adoption.zone,
  },
  accounts: adoption.accounts.map(accountDocument),
});

const accountDocument = (one: AdoptedAccount) => ({
  account: one.account,
  sourceAccount: one.sourceAccount,
  currency: one.currency,
  made: one.made,
  opening: {
    from: one.opening.from,
    amount: toText(one.opening.amount),
    time: instantTextOrNull(one.opening.time),
    known: one.opening.known,
  },
  orders: {
    ...one.orders,
    firstAt: instantTextOrNull(one.orders.firstAt),
    newestAt: instantTextOrNull(one.orders.newestAt),
  },
  fills: one.fills,
  marks: one.marks,
  records: one.records,
  fees: one.fees,
  cash: comparedDocument(one.cash),
  positions: one.positions.map(({ asset, ...figures }) => ({
    asset,
    ...comparedDocument(figures),
  })),
  realisedPnl: {
    ours: toTextOrNull(one.realised.ours),
    theirs: toTextOrNull(one.realised.theirs),
  },
  notProved: one.notProved,
});

function comparedDocument(figures: Compared) {
  const { ours, theirs, slack } = figures;
  const difference = theirs === null ? null : subtract(theirs, ours);
  return {
    ours: toText(ours),
    theirs: toTextOrNull(theirs),
    difference: toTextOrNull(difference),
    ties: ties(figures),
    /** What sums in binary fractions can have lost; null where that excuses nothing. */
    slack: difference === null || isZero(difference) || isZero(slack) ? null : toText(slack),
  };
}
