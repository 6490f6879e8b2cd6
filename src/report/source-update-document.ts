/** The JSON of `update` on a source: what was, what is, and how to take it back. */
import { parseDecimal, toText, toTextOrNull } from '../decimal/text.ts';
import type { Break } from '../model/break.ts';
import { type Instant, instantText } from '../model/instant.ts';
import { reasonTitles } from '../model/reason.ts';
import type { SourceAuditRow, SourceChange, SourceIdentity } from '../model/source.ts';
import type { BalanceSheet, UnpricedPart } from '../reconcile/source/sheet.ts';
import type { Verdict } from '../reconcile/verdict.ts';
import type { JsonObject } from './check-document.ts';

export interface SourceUpdateState {
  readonly status: 'written' | 'nothing' | 'would-write' | 'cannot-say' | 'undone';
  readonly exitCode: number;
  readonly identity: SourceIdentity;
  readonly at: Instant;
  readonly accounts: readonly UpdatedAccount[];
  /** Prices that were, or would be, written. */
  readonly prices: readonly {
    readonly symbol: string;
    readonly before: string | null;
    readonly after: string;
  }[];
  /** The row of the source's own log; null: nothing was written. */
  readonly audit: SourceAuditRow | null;
  readonly backup: string | null;
  readonly unknown: readonly UnpricedPart[];
  readonly notes: readonly string[];
  /** Of the look that followed; null where none did. */
  readonly verdict: Verdict | null;
  /** Breaks that are open after it. */
  readonly left: readonly Break[];
  /** The command that takes it back; null where there is nothing to take back. */
  readonly undo: string | null;
}

export interface UpdatedAccount {
  readonly account: string;
  readonly sheet: BalanceSheet;
  /** The total that was, or would be, written. */
  readonly total: boolean;
  readonly record: boolean;
}

export const sourceUpdateDocument = (state: SourceUpdateState): JsonObject => ({
  schema: 'trueup.update/1',
  status: state.status,
  exitCode: state.exitCode,
  source: state.identity.location,
  generation: state.identity.generation,
  at: instantText(state.at),
  accounts: state.accounts.map((one) => accountJson(one, state)),
  prices: pricesJson(state),
  audit: state.audit === null ? null : auditJson(state.audit),
  backup: state.backup,
  verdict: state.verdict,
  left: state.left.map(({ id, account, reason }) => ({
    ...{ id, account, reason },
    title: reasonTitles[reason],
  })),
  undo: state.undo,
  unknown: state.unknown.map(({ what, why, reason }) => ({ what, why, reason })),
  notes: [...state.notes],
});

/** What the column made of what was written: the number that is there now. */
function storedBy({ after, column }: SourceChange): string | null {
  const parsed = parseDecimal(after?.[column ?? ''] ?? '');
  return parsed.ok ? toText(parsed.value) : null;
}

function pricesJson({ prices, audit }: SourceUpdateState): readonly JsonObject[] {
  const changes = (audit?.changes ?? []).filter(({ role }) => role === 'price');
  const stored = new Map(changes.map((change) => [symbolOf(change), storedBy(change)]));
  return prices.map((price) => ({ ...price, after: stored.get(price.symbol) ?? price.after }));
}

/** Where several accounts share a table the key of a row begins with its account. */
function symbolOf({ key, accountId }: SourceChange): string {
  const prefix = `${accountId}/`;
  return accountId != null && key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

function accountJson(
  { account, sheet, total, record }: UpdatedAccount,
  { audit }: SourceUpdateState,
): JsonObject {
  const storedIn = (role: SourceChange['role']): string | null => {
    const isOwn = (one: SourceChange) => (one.accountId ?? sheet.accountId) === sheet.accountId;
    const change = audit?.changes.find((one) => one.role === role && isOwn(one));
    return change === undefined ? null : storedBy(change);
  };
  const sum = toTextOrNull(sheet.calculated);
  const stored = toTextOrNull(sheet.stored);
  return {
    account,
    sourceAccount: sheet.accountId,
    cash: toTextOrNull(sheet.cash),
    positionsValue: toTextOrNull(sheet.positionsValue),
    calculated: toTextOrNull(sheet.calculated),
    stored: toTextOrNull(sheet.stored),
    difference: toTextOrNull(sheet.difference),
    percent: toTextOrNull(sheet.percent),
    match: sheet.match,
    total: total ? { before: stored, after: storedIn('total') ?? sum } : null,
    record: record ? { total: storedIn('record') ?? sum } : null,
  };
}

const auditJson = ({
  id,
  at,
  actor,
  action,
  changes,
  why,
  undoes,
}: SourceAuditRow): JsonObject => ({
  ...{ id, at: instantText(at), actor, action, why, undoes },
  changes: changes.map(({ table, key, before, after }) => ({
    ...{ table, key },
    before: before === null ? null : { ...before },
    after: after === null ? null : { ...after },
  })),
});
