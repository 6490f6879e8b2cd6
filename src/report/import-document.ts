/** What an import did, as a document: counts, and every row that was not simply booked. */
import type { Refusal } from '../model/result.ts';

export const importCountNames = [
  'booked',
  'enriched',
  'duplicate',
  'conflicting',
  'waiting',
  'beforeOpening',
  'refused',
] as const;

export type ImportCounts = Record<(typeof importCountNames)[number], number>;

export interface ImportedFile {
  readonly file: string;
  readonly format: 'ndjson' | 'csv';
  /** False: nothing of it was booked. */
  readonly written: boolean;
  readonly counts: ImportCounts;
}

/** A row whose identity is booked with another content. */
export interface ImportConflict {
  readonly file: string;
  readonly line: number;
  readonly account: string;
  readonly kind: string;
  readonly id: string;
  /** The fields that differ, and what this row says in the first of them. */
  readonly fields: readonly string[];
  readonly value: string | null;
}

export interface ImportWarning {
  readonly code: string;
  readonly file: string;
  readonly field: string;
  /** Where it was first seen, and how often. */
  readonly line: number;
  readonly count: number;
  readonly hint: string;
}

export interface ImportResult {
  readonly dryRun: boolean;
  readonly partial: boolean;
  readonly files: readonly ImportedFile[];
  readonly counts: ImportCounts;
  readonly accountsMade: readonly string[];
  /** At most `listedMax` of each are listed; the counts hold all. */
  readonly refused: readonly Refusal[];
  readonly conflicts: readonly ImportConflict[];
  readonly warnings: readonly ImportWarning[];
}

export const listedMax = 1_000;

/** 2 a row was refused and no --partial let it be, 3 a conflict, 0 all is in the book. */
export function importExitCode({ partial, counts }: ImportResult): 0 | 2 | 3 {
  if (counts.refused > 0 && !partial) return 2;
  return counts.conflicting > 0 ? 3 : 0;
}

export const importDocument = (result: ImportResult) => ({
  schema: 'trueup.import/1',
  exitCode: importExitCode(result),
  dryRun: result.dryRun,
  partial: result.partial,
  counts: result.counts,
  files: result.files,
  accountsMade: result.accountsMade,
  refused: result.refused.map(refusedRow),
  conflicts: result.conflicts.map((conflict) => ({ ...conflict, ...conflictWords(conflict) })),
  warnings: result.warnings,
});

const refusedRow = ({ code, message, where, rule, hint }: Refusal) => ({
  code,
  message,
  where: {
    file: where.file ?? null,
    line: where.line ?? null,
    field: where.field ?? null,
    value: where.value ?? null,
  },
  rule,
  hint,
});

export const conflictWords = ({ kind, id, account, fields, value }: ImportConflict) => ({
  code: 'conflict',
  message: `${kind} ${id} of ${account} is booked with another ${fields.join(', ')}${
    value === null ? '' : ` than ${value}`
  }`,
  rule: 'one identity has one content: what was told first holds',
  hint: 'audit shows both; only the venue can tell which is right: book its bust or correction',
});
