/** Rows of the audit trail as files. */
import type { AuditRow } from '../api/operations.ts';

const columns = [
  ...(['account', 'sequence', 'recordedAt', 'effectiveAt', 'kind', 'id', 'what'] as const),
  ...(['reason', 'by', 'causedBy', 'hash'] as const),
];

export const ndjsonOf = (rows: readonly AuditRow[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** Quoted throughout; what a sheet would take for a formula is text. */
export function csvOf(rows: readonly AuditRow[]): string {
  const cell = (value: string | number | null) => {
    const text = String(value ?? '');
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  const line = (cells: readonly (string | number | null)[]) => `${cells.map(cell).join(',')}\r\n`;
  return line(columns) + rows.map((row) => line(columns.map((name) => row[name]))).join('');
}
