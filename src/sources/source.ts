/**
 * The port to databases that other programs write. Each schema is one folder beside this file and
 * passes one conformance suite (test/sources/conformance.ts), on every engine.
 *
 * Nothing here writes unless `write`, `undo`, `guard` or `removeTraces` is called; the only tables
 * and triggers that are ever made begin with `trueup_`.
 */
import type { Clock, Instant } from '../model/instant.ts';
import type {
  SourceAuditRow,
  SourceGuard,
  SourceIdentity,
  SourceOrder,
  SourcePerformance,
  SourceSnapshot,
  SourceWrite,
} from '../model/source.ts';

export interface SourceOptions {
  readonly clock: Clock;
  /** Of times without an offset; null: detected, or else assumed. */
  readonly zone: string | null;
  /** The zone that an earlier look detected: it is kept, so that times do not move; null: none. */
  readonly remembered?: (identity: SourceIdentity) => Promise<string | null>;
  /** Adapter to use; null: recognised. */
  readonly schema: string | null;
  /** Where copies of a server's tables are kept: a file's are beside it. */
  readonly backupFolder?: string | undefined;
}

/**
 * Decides on the snapshot inside the writing transaction; null: there is nothing to write. It is
 * asked before, too, so that nothing is locked or copied in vain: each answer depends on its
 * snapshot alone.
 */
export type Decide = (snapshot: SourceSnapshot) => SourceWrite | null;

export interface Written {
  /** Null: nothing was decided to be written. */
  readonly audit: SourceAuditRow | null;
  /** What the decision was made on. */
  readonly snapshot: SourceSnapshot;
  /** The backup that was taken before the first write of the day; null: there was one already. */
  readonly backup: string | null;
}

/** A step of the preflight: proved in a transaction that is rolled back. */
export interface PreflightStep {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
  /** What to do about it; null where it passed. */
  readonly hint: string | null;
}

export interface GuardOptions {
  /** Logs every change of balances, prices and quantities, whoever makes it. */
  readonly audit: boolean;
}

export interface Source {
  /** What it keeps: a total. Databases that keep positions alone are in `position-source.ts`. */
  readonly kind: 'balance';
  readonly identity: SourceIdentity;
  /** One consistent look, read-only; locks nobody out for longer than 50 ms. */
  snapshot(): Promise<SourceSnapshot>;
  /** The newest `limit` performance records of an account, oldest first. */
  performance(accountId: string, limit: number): Promise<readonly SourcePerformance[]>;
  /**
   * Every order, in the order of the table, read in pieces that lock nobody out; up to the row of
   * this key, which a snapshot gives, where one is given.
   */
  orders(upTo?: string | null): AsyncIterable<SourceOrder>;
  preflight(): Promise<readonly PreflightStep[]>;
  /** All of a write that needs no lock: what it would be refused for is refused. */
  rehearse(decide: Decide): Promise<SourceSnapshot>;
  /** Sum and write in one transaction, after the day's backup. */
  write(decide: Decide): Promise<Written>;
  /** Takes back the newest write of ours, or the one named. Refused where it was overwritten. */
  undo(auditId: number | null, why: string, at: Instant): Promise<SourceAuditRow>;
  /** Rows of `trueup_audit` after this id, oldest first; none where there is no such table. */
  audit(afterId: number, limit: number): Promise<readonly SourceAuditRow[]>;
  guard: {
    /** The statements that `install` would run, for people to read. */
    statements(options: GuardOptions): Promise<readonly string[]>;
    install(options: GuardOptions): Promise<SourceGuard>;
    status(): Promise<SourceGuard>;
    remove(): Promise<void>;
  };
  /** Drops every table and trigger of ours from the database; the backups stay. */
  removeTraces(): Promise<readonly string[]>;
  close(): Promise<void>;
}
