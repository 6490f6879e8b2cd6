/** A check of a source as a person reads it: its figures, its breaks, and the verdict last. */
import { instantText, millisecondsBetween } from '../../model/instant.ts';
import type { SourceCheck } from '../../service/source/desk.ts';
import type { Terminal } from '../terminal.ts';
import { timeText } from './amount.ts';
import { breakLines, durationText, unknownLines, verdictLine, viewOfCheck } from './check-text.ts';
import { positionLines, type Sheet, sumLines } from './source-sheet.ts';

export function sourceCheckLines(terminal: Terminal, check: SourceCheck): readonly string[] {
  const view = viewOfCheck(check.document);
  return [
    ...headLines(terminal, check),
    ...view.breaks.flatMap((one) => ['', ...breakLines(terminal, one), whyLine(one)]),
    ...view.accepted.map((one) => `  accepted  ${one.id}  ${one.title}`),
    ...unknownLines(view),
    '',
    ...view.hints.map((hint) => `  ${hint}`),
    verdictLine(terminal, view),
  ];
}

const whyLine = ({ explanation }: { readonly explanation: { readonly sentence: string } }) =>
  `    ${explanation.sentence}`;

export function headLines(
  terminal: Terminal,
  { checked }: SourceCheck,
  command = 'check',
): readonly string[] {
  if (checked === null) return [terminal.style('bold', command)];
  const { snapshot, asOf, now, accounts } = checked;
  const { location, schema, generation } = snapshot.identity;
  const old = Math.floor(millisecondsBetween(asOf, now) / 1000);
  const age = old < staleSeconds ? '' : `, ${durationText(old)} ago`;
  const title = `${terminal.style('bold', command)} ${location} · ${schema}, ${generation}`;
  return [
    `${title} · as of ${timeText(instantText(asOf))}${age}`,
    ...accounts.flatMap(({ name, sheet }) => ['', ...accountLines(terminal, name, sheet, asOf)]),
  ];
}

/** What is younger is as good as now. */
const staleSeconds = 3600;

const accountLines = (
  terminal: Terminal,
  name: string,
  sheet: Sheet,
  asOf: bigint,
): readonly string[] => [
  `  ${terminal.style('bold', name)}`,
  ...positionLines(terminal, sheet, asOf),
  '',
  ...sumLines(terminal, sheet, asOf),
];
