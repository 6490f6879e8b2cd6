/**
 * The desk of a source: everything that commands, duties and the library do with a database that
 * another program writes. It looks, says what is true, writes the truth back where that was asked
 * for, and notes in our own book what it saw and what it wrote.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Break } from '../../model/break.ts';
import type {
  SourceAuditRow,
  SourceIdentity,
  SourcePerformance,
  SourceSnapshot,
} from '../../model/source.ts';
import type { SourceChecked } from '../../reconcile/source/check-source.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import type { Verdict } from '../../reconcile/verdict.ts';
import type { CheckDocument, JsonObject } from '../../report/check-document.ts';
import type { GuardAction, GuardState } from '../../report/guard-document.ts';
import type { Source } from '../../sources/source.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { Agreed, Decided } from './agreed.ts';
import type { PriceSource } from './prices.ts';

/** One rule for commands, the library and the rehearsal: another one would judge by turns. */
export { performanceMaxAgeMsDefault } from '../../reconcile/source/check-source.ts';

export interface SourceDeskOptions {
  /** `sqlite:PATH` or a PostgreSQL URL. */
  readonly location: string;
  /** Zone of times without an offset; null: detected. */
  readonly zone: string | null;
  /** Adapter; null: recognised. */
  readonly schema: string | null;
  readonly clock: WaitingClock;
  /** Path of our own book. */
  readonly book: string;
  /** Its name in our book; null: the schema's, `falcon`, or `falcon-<id>` of several. */
  readonly account: string | null;
  /** The source's own account id; null: every one it has. */
  readonly sourceAccount: string | null;
  /** Reporting currency of an account that is made; null: USD. */
  readonly currency: string | null;
  readonly markMaxAgeMs: number;
  /** Whether somebody said how old a price may be: then an older one makes the total unsayable. */
  readonly markMaxAgeGiven: boolean;
  /** For who goes on looking: a feed that stopped is noticed though nobody said how old is old. */
  readonly agesFromNow?: boolean;
  readonly performanceMaxAgeMs: number;
  readonly programVersion: string;
  readonly strict: boolean;
  /** Talk: what was made, what was not noted. */
  readonly tell: (line: string) => void;
}

export interface SourceCheckRequest {
  /** `investigate` is the same document under another name; absent: `check`. */
  readonly document?: 'check' | 'investigate';
  /** One break, by its name; null or absent: all. */
  readonly breakId?: string | null;
  /** Notes the check in our book. */
  readonly record: boolean;
  /** Null: the prices that the source keeps. */
  readonly prices: PriceSource | null;
  readonly failAbove?: Decimal | null;
  /** What to do next, by what was found. */
  readonly hints?: (
    verdict: Verdict,
    breaks: readonly Break[],
    sheets: readonly BalanceSheet[],
  ) => readonly string[];
  /** Makes the book where there is none. */
  readonly create?: boolean;
  /** What a person decides on it, noted with the look; absent: nothing. */
  readonly decided?: Decided;
  /** False: nobody asks why, so that the orders are not read. */
  readonly explains?: false;
}

export interface SourceCheck {
  readonly verdict: Verdict;
  readonly document: CheckDocument;
  /** One for each account; none where the source did not answer. */
  readonly sheets: readonly BalanceSheet[];
  /** Null where the source did not answer. */
  readonly snapshot: SourceSnapshot | null;
  /** As it was compared; null where the source did not answer. */
  readonly checked: SourceChecked | null;
  readonly recorded: boolean;
}

export interface SourceUpdateRequest {
  /** Appends a performance record in the same transaction. */
  readonly record: boolean;
  readonly prices: PriceSource | null;
  readonly dryRun: boolean;
  /** Who asked for it; null: nobody at a keyboard. */
  readonly actor: string | null;
  /** Why, in one sentence; absent: that the stored total was not the truth. */
  readonly why?: string;
  /** Only if this is still what is written; absent: whatever is true now. */
  readonly agreed?: Agreed;
}

/**
 *   written      the source was changed
 *   nothing      everything asked for is true already
 *   would-write  what a dry run would have written
 *   cannot-say   a part of the total is unknown; nothing was written
 */
export type SourceUpdateStatus = 'written' | 'nothing' | 'would-write' | 'cannot-say';

export interface SourceUpdate {
  readonly status: SourceUpdateStatus;
  /** Document `trueup.update/1`. */
  readonly document: JsonObject;
  readonly exitCode: 0 | 3 | 5;
  /** What the decision was made on. */
  readonly before: readonly BalanceSheet[];
  /** After the write: another look; null where nothing was written. */
  readonly after: SourceCheck | null;
  readonly audit: SourceAuditRow | null;
  readonly backup: string | null;
  /** What was agreed to is not what would be written now: nothing was. */
  readonly isStale: boolean;
}

export interface SourceUndo {
  /** The row that took the write back. */
  readonly audit: SourceAuditRow;
  /** Document `trueup.update/1`. */
  readonly document: JsonObject;
  readonly after: SourceCheck;
}

export interface SourceHistory {
  /** Its name in our book. */
  readonly account: string;
  readonly accountId: string;
  readonly records: readonly SourcePerformance[];
  /** The record before the first one that is shown; null: there is none. */
  readonly before: SourcePerformance | null;
  /** Records of the database that name no account; 0: none. */
  readonly nameless: number;
}

export interface GuardRequest {
  readonly action: GuardAction;
  /** Log every change: of an installation. */
  readonly audit: boolean;
  /** Say the statements; an installation then only says them. */
  readonly statements: boolean;
  /** Who asked for it; null: nobody at a keyboard. */
  readonly actor: string | null;
}

export interface SourceDesk {
  readonly identity: SourceIdentity;
  readonly source: Source;
  check(request: SourceCheckRequest): Promise<SourceCheck>;
  update(request: SourceUpdateRequest): Promise<SourceUpdate>;
  /** What a person agreed to, and nothing else. */
  rewrite(request: {
    readonly agreed: Agreed;
    readonly actor: string;
    /** Nothing is written: what the write would be refused for is refused. */
    readonly dryRun: boolean;
    /** Told once it is in the database, whatever fails behind it. */
    readonly wrote?: (row: SourceAuditRow) => void;
  }): Promise<SourceUpdate>;
  undo(request: {
    readonly auditId: number | null;
    readonly actor: string | null;
  }): Promise<SourceUndo>;
  /** Triggers that keep the total: what came or went is noted like any write. */
  guard(request: GuardRequest): Promise<GuardState>;
  /** The newest records of each account, oldest first. */
  performance(limit: number): Promise<readonly SourceHistory[]>;
  /** Appends a performance record and nothing else. */
  recordPerformance(request: {
    readonly prices: PriceSource | null;
    readonly actor: string | null;
  }): Promise<SourceUpdate>;
  close(): Promise<void>;
}
