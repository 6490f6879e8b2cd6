/** The JSON of what keeps a book sound: verify, rebuild, backup and restore. */

export interface VerifyState {
  readonly book: string;
  readonly entries: number;
  readonly heads: readonly HeadDocument[];
  readonly findings: readonly {
    readonly code: string;
    readonly account: string | null;
    readonly firstSequence: number | null;
    readonly lastSequence: number | null;
    readonly message: string;
  }[];
}

export interface HeadDocument {
  readonly account: string;
  readonly sequence: number;
  readonly hash: string;
}

/** What is damaged is an error, not a difference between two parties. */
export const verifyDocument = ({ book, entries, heads, findings }: VerifyState) => ({
  schema: 'trueup.verify/1',
  exitCode: findings.length === 0 ? 0 : 1,
  book,
  entries,
  heads,
  findings,
});

export interface RebuildState {
  readonly book: string;
  readonly accounts: readonly {
    readonly account: string;
    readonly entries: number;
    readonly differences: readonly {
      readonly table: string;
      readonly key: string;
      readonly field: string | null;
      readonly stored: string | null;
      readonly recomputed: string | null;
    }[];
  }[];
  /** Whether rows were written anew, and the copy that was made before. */
  readonly written: boolean;
  readonly backup: string | null;
}

/** More says no more; the counts hold all. */
export const differencesListedMax = 1_000;

export const rebuildDocument = ({ book, accounts, written, backup }: RebuildState) => ({
  schema: 'trueup.rebuild/1',
  exitCode: written || accounts.every((one) => one.differences.length === 0) ? 0 : 3,
  book,
  accounts: accounts.map(({ account, entries, differences }) => ({
    account,
    entries,
    different: differences.length,
    differences: differences
      .slice(0, differencesListedMax)
      .map(({ table, key, field, stored, recomputed }) => ({
        table,
        key,
        field,
        stored,
        recomputed,
      })),
  })),
  written,
  backup,
});

export interface RestoreState {
  readonly book: string;
  readonly backup: string;
  readonly takenAt: string;
  readonly heads: readonly HeadDocument[];
  /** Where the book that was there before is now. */
  readonly keptAside: string | null;
  /** Whether every derived row was recomputed and compared. */
  readonly recomputed: boolean;
}

export const restoreDocument = (state: RestoreState) => ({ schema: 'trueup.restore/1', ...state });
