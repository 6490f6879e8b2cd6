/** What is shown, as a file: NDJSON for programs, CSV for a sheet. */
import type { AuditRow } from '../../api/operations.ts';
import { mode } from '../../state/settings.ts';
import { csvOf, ndjsonOf } from '../../words/exports.ts';

export function ExportButtons({ rows }: { readonly rows: readonly AuditRow[] }) {
  const save = (name: string, type: string, text: string) => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${mode.value === 'paper' ? 'PAPER-' : ''}${name}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <span class="exports">
      <button
        type="button"
        class="button"
        onClick={() => save('audit.ndjson', 'application/x-ndjson', ndjsonOf(rows))}
      >
        NDJSON
      </button>
      <button
        type="button"
        class="button"
        onClick={() => save('audit.csv', 'text/csv', csvOf(rows))}
      >
        CSV
      </button>
      <span class="quiet">{rows.length} rows</span>
    </span>
  );
}
