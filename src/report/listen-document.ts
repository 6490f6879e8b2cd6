/** The JSON of `listen`, once it was stopped: what was booked, and what may still be missing. */
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';

export interface ListenedInput {
  readonly venue: string;
  readonly account: string;
  readonly mode: 'live' | 'paper';
  readonly exitCode: number;
  readonly booked: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly backfilled: number;
  readonly missedByStream: number;
  readonly unread: number;
  readonly completeThrough: Instant | null;
  readonly problem: string | null;
  readonly openGaps: readonly {
    readonly stream: string;
    readonly from: Instant | null;
    readonly to: Instant;
    readonly why: string;
  }[];
}

export type ListenDocument = ReturnType<typeof listenDocument>;

export const listenDocument = (listened: ListenedInput) => ({
  schema: 'trueup.listen/1',
  venue: listened.venue,
  account: listened.account,
  mode: listened.mode,
  exitCode: listened.exitCode,
  booked: listened.booked,
  /** Facts that came twice, and were booked once. */
  duplicates: listened.duplicates,
  conflicting: listened.conflicts,
  /** Booked from the venue's lists: for gaps, and where the stream never told. */
  backfilled: listened.backfilled,
  missedByStream: listened.missedByStream,
  unread: listened.unread,
  /** Nothing is missing before it; null: nothing was listed yet. */
  completeThrough: instantTextOrNull(listened.completeThrough),
  /** Why the venue could not be listed last; null: it could. */
  problem: listened.problem,
  gaps: listened.openGaps.map(({ stream, from, to, why }) => ({
    ...{ stream, from: instantTextOrNull(from), to: instantText(to), why },
  })),
});
