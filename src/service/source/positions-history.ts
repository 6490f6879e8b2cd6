/** A bot's whole history, read in pieces that lock nobody out, and audited. */
import type { SourceIdentity } from '../../model/source.ts';
import { auditHistory, type HistoryAudited } from '../../reconcile/positions/history-audit.ts';
import type { SourceDeskOptions } from './desk-port.ts';
import { openRows } from './positions-opening.ts';

export interface SourceHistoryAudited {
  readonly identity: SourceIdentity;
  readonly audited: HistoryAudited;
}

export async function auditSource(options: SourceDeskOptions): Promise<SourceHistoryAudited> {
  const source = await openRows(options);
  try {
    const orders = await Array.fromAsync(source.orders());
    const trades = await Array.fromAsync(source.trades());
    const rows = await Array.fromAsync(source.history());
    return { identity: source.identity, audited: auditHistory(rows, orders, trades) };
  } finally {
    await source.close();
  }
}
