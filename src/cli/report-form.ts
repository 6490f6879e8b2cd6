/** Reports to file: which form was asked for, and where it goes. */
import { type Report, reportHtml, reportMarkdown } from '../report/sections.ts';
import { writeWhole } from '../service/write-whole.ts';
import type { Shell } from './command.ts';
import { usageError } from './command-error.ts';

export const reportWriters = { md: reportMarkdown, html: reportHtml } as const satisfies Readonly<
  Record<string, (report: Report) => string>
>;

export type ReportForm = keyof typeof reportWriters;

/** Null: none was asked for. */
export function reportForm({ report }: { readonly report?: string }): ReportForm | null {
  if (report === undefined || report === 'md' || report === 'html') return report ?? null;
  throw usageError('report-unknown', `there is no report "${report}"`, 'md or html', '--report');
}

export function giveReport(shell: Shell, { out }: { readonly out?: string }, content: string) {
  if (out === undefined) shell.terminal.print(content.trimEnd());
  else {
    writeWhole(out, content);
    shell.terminal.tell(`written ${out}`);
  }
}
