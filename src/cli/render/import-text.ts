/** What an import did, in words: what changed on standard output, what is wrong beside it. */
import {
  conflictWords,
  type ImportCounts,
  type ImportResult,
} from '../../report/import-document.ts';
import { errorLines } from '../command-error.ts';
import type { Terminal } from '../terminal.ts';
import { counted, countText } from './amount.ts';

/** More would scroll away what matters; --json lists more. */
const shownMax = 20;

const words: Readonly<Record<keyof ImportCounts, string>> = {
  booked: 'booked',
  enriched: 'enriched',
  duplicate: 'duplicate',
  conflicting: 'conflicting',
  waiting: 'waiting for their fill',
  beforeOpening: 'before the opening',
  refused: 'refused',
};

export function countsText(counts: ImportCounts): string {
  const parts = (Object.keys(words) as (keyof ImportCounts)[])
    .filter((name) => counts[name] > 0)
    .map((name) => `${countText(counts[name])} ${words[name]}`);
  return parts.length === 0 ? 'no facts' : parts.join(', ');
}

export function tellImport(terminal: Terminal, result: ImportResult): void {
  tellProblems(terminal, result);
  for (const { file, counts, written } of result.files) {
    const outcome = result.dryRun ? 'would be ' : written ? '' : 'nothing booked: ';
    terminal.print(`${file}: ${outcome}${countsText(counts)}`);
  }
  const made = result.dryRun ? 'would be made' : 'made';
  for (const account of result.accountsMade) {
    terminal.print(`${made} with the defaults: account ${account}`);
  }
  if (result.dryRun) terminal.tell('dry run: nothing was written');
}

function tellProblems(terminal: Terminal, { refused, conflicts, warnings, counts }: ImportResult) {
  for (const { file, line, field, count, code, hint } of warnings) {
    const often = count === 1 ? '' : `, ${countText(count)} times from there on`;
    terminal.tell(`warning: ${file}:${line}: ${field} [${code}]${often}; ${hint}`);
  }
  for (const refusal of refused.slice(0, shownMax)) {
    for (const line of errorLines(refusal)) terminal.tell(line);
  }
  for (const conflict of conflicts.slice(0, shownMax)) {
    const { file, line, fields, value } = conflict;
    const where = { file, line, field: fields[0] ?? '', ...(value === null ? {} : { value }) };
    for (const said of errorLines({ ...conflictWords(conflict), where })) terminal.tell(said);
  }
  const unseen = Math.max(0, refused.length - shownMax) + Math.max(0, conflicts.length - shownMax);
  if (unseen > 0) terminal.tell(`and ${counted(unseen, 'more', 'more')}: --json lists them`);
  if (counts.refused > 0) terminal.tell(`${counted(counts.refused, 'row')} refused`);
}
