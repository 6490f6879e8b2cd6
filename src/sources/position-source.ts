/**
 * The port to databases that keep positions (one row each) rather than a total. As for `source.ts`:
 * each schema is one folder, passes one conformance suite on every engine, and nothing writes
 * unless `write`, `undo` or `removeTraces` is called.
 */
import type { Instant } from '../model/instant.ts';
import type {
  PositionSnapshot,
  PositionWrite,
  StoredOrder,
  StoredPosition,
  StoredTrade,
} from '../model/position-source.ts';
import type { SourceAuditRow, SourceIdentity } from '../model/source.ts';
import type { PreflightStep } from './source.ts';

/**
 * Decides on the snapshot inside the writing transaction; null: there is nothing to write. It is
 * asked before, too: each answer depends on its snapshot alone.
 */
export type DecidePositions = (snapshot: PositionSnapshot) => PositionWrite | null;

export interface PositionsWritten {
  /** Null: nothing was decided to be written. */
  readonly audit: SourceAuditRow | null;
  readonly snapshot: PositionSnapshot;
  /** The backup that was taken before the first write of the day; null: there was one already. */
  readonly backup: string | null;
}

export interface OrdersNamed {
  readonly orders: readonly StoredOrder[];
  readonly trades: readonly StoredTrade[];
}

export interface PositionSource {
  readonly kind: 'positions';
  readonly identity: SourceIdentity;
  /** One consistent look, read-only; locks nobody out for longer than 50 ms. */
  snapshot(): Promise<PositionSnapshot>;
  /** Every row, closed ones included, in the order of the table, in pieces that lock nobody out. */
  history(): AsyncIterable<StoredPosition>;
  orders(): AsyncIterable<StoredOrder>;
  trades(): AsyncIterable<StoredTrade>;
  /** Of each of the symbols, side and exchange the closed row that was opened last. */
  newestClosed(symbols: readonly string[]): Promise<readonly StoredPosition[]>;
  /** Orders and trades that carry one of these ids, the venue's or the bot's own. */
  named(ids: readonly string[]): Promise<OrdersNamed>;
  preflight(): Promise<readonly PreflightStep[]>;
  /** All of a write that needs no lock: what it would be refused for is refused. */
  rehearse(decide: DecidePositions): Promise<PositionSnapshot>;
  /** Looks, decides and writes in one transaction, after the day's backup. */
  write(decide: DecidePositions): Promise<PositionsWritten>;
  /** Takes back the newest write of ours, or the one named. Refused where it was overwritten. */
  undo(auditId: number | null, why: string, at: Instant): Promise<SourceAuditRow>;
  /** Rows of `trueup_audit` after this id, oldest first; none where there is no such table. */
  audit(afterId: number, limit: number): Promise<readonly SourceAuditRow[]>;
  removeTraces(): Promise<readonly string[]>;
  close(): Promise<void>;
}
