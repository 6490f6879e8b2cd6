/** Why a stored total is what it is: the figures, what moved it, and each break in depth. */
import type { SourceCheck } from '../../service/source/desk.ts';
import type { Terminal } from '../terminal.ts';
import { moneyText } from './amount.ts';
import { unknownLines, viewOfCheck } from './check-text.ts';
import { investigationLines } from './investigate-text.ts';
import { headLines, sourceVerdictLine } from './source-check-text.ts';
import { tableLines } from './table.ts';

/** `published`: what there is to say about figures that somebody published. */
export function sourceInvestigationLines(
  terminal: Terminal,
  check: SourceCheck,
  published: readonly string[],
): readonly string[] {
  const view = viewOfCheck(check.document);
  return [
    ...headLines(terminal, check, 'investigate'),
    ...(check.checked?.accounts ?? []).flatMap((one) => driftLines(terminal, one)),
    ...(published.length === 0 ? [] : ['', 'PUBLISHED', ...published.map((one) => `  ${one}`)]),
    ...view.breaks.flatMap((one) => ['', ...investigationLines(terminal, one)]),
    ...unknownLines(view),
    '',
    ...view.hints.map((hint) => `  ${hint}`),
    sourceVerdictLine(terminal, view, check),
  ];
}

type Account = NonNullable<SourceCheck['checked']>['accounts'][number];

/** The difference as the sum of what moved it; the last line is the sum. */
function driftLines(terminal: Terminal, { drift, sheet }: Account): readonly string[] {
  if (drift === null) return [];
  const rows = [
    ...drift.parts.map(({ what, key, amount, how }) => [
      key === null ? what : `${what} ${key}`,
      moneyText(amount, { signed: true }),
      how,
    ]),
    ['not explained', moneyText(drift.residual, { signed: true }), ''],
    ['difference', moneyText(sheet.difference, { signed: true }), 'the sum of these'],
  ];
  return ['', 'WHAT MOVED IT', ...tableLines(terminal, ['', '', ''], rows).slice(1)];
}
