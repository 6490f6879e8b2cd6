/** The JSON of `balance`: the stored total beside the truth, in the operators' own words. */
import { toTextOrNull } from '../decimal/text.ts';
import type { BalanceSheet } from '../reconcile/source/sheet.ts';
import type { JsonObject } from './check-document.ts';

/** `not-stored`: the database keeps no total, so none can be wrong. */
export type BalanceStatus = 'accurate' | 'not-accurate' | 'unknown' | 'not-stored';

export interface BalancedAccount {
  readonly account: string;
  readonly sheet: BalanceSheet;
}

export interface BalanceState {
  /** Without a password. */
  readonly source: string;
  readonly currency: string | null;
  readonly accounts: readonly BalancedAccount[];
  /** Why nothing is known at all; null where the database answered. */
  readonly silent: string | null;
}

export interface BalanceDocument {
  readonly status: BalanceStatus;
  readonly exitCode: 0 | 3 | 5;
  readonly json: JsonObject;
}

const exitCodes = { accurate: 0, 'not-stored': 0, 'not-accurate': 3, unknown: 5 } as const;

export function balanceStatus({ match, stored, calculated }: BalanceSheet): BalanceStatus {
  if (match === 'not-stored') return calculated === null ? 'unknown' : 'not-stored';
  if (match === 'different') return 'not-accurate';
  // The truth is known, and nothing is stored where it belongs.
  if (match === 'unknown')
    return stored === null && calculated !== null ? 'not-accurate' : 'unknown';
  return 'accurate';
}

export function balanceDocument(state: BalanceState): BalanceDocument {
  const { source, currency, accounts, silent } = state;
  const status = worst(
    silent,
    accounts.map(({ sheet }) => balanceStatus(sheet)),
  );
  const exitCode = exitCodes[status];
  const json = {
    ...{ schema: 'trueup.balance/1', status, exitCode, source, currency },
    accounts: accounts.map(({ account, sheet }) => ({
      ...{ account, sourceAccount: sheet.accountId, status: balanceStatus(sheet) },
      cash: toTextOrNull(sheet.cash),
      positionsValue: toTextOrNull(sheet.positionsValue),
      total: toTextOrNull(sheet.calculated),
      stored: toTextOrNull(sheet.stored),
      discrepancy: toTextOrNull(sheet.difference),
      percent: toTextOrNull(sheet.percent),
      ...{ match: sheet.match, storedWhy: sheet.storedWhy },
      unknown: sheet.unpriced.map(({ what, why }) => ({ what, why })),
    })),
    unknown: silent,
  };
  return { status, exitCode, json };
}

/** A wrong total is certain, whatever else is not known. */
function worst(silent: string | null, all: readonly BalanceStatus[]): BalanceStatus {
  if (all.includes('not-accurate')) return 'not-accurate';
  if (silent !== null || all.length === 0 || all.includes('unknown')) return 'unknown';
  return all.includes('accurate') ? 'accurate' : 'not-stored';
}
