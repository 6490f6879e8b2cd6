/** A check of a source as a person reads it: its figures, its breaks, and the verdict last. */
import { toTextOrNull } from '../../decimal/text.ts';
import { ageText } from '../../model/age.ts';
import { instantText, millisecondsBetween } from '../../model/instant.ts';
import { visible } from '../../model/visible.ts';
import type { SourceCheck } from '../../service/source/desk.ts';
import type { Terminal } from '../terminal.ts';
import { timeText } from './amount.ts';
import {
  breakLines,
  type CheckView,
  unknownLines,
  verdictLine,
  viewOfCheck,
} from './check-text.ts';
import {
  type Moments,
  positionLines,
  type Sheet,
  sumLines,
  unattributedLines,
} from './source-sheet.ts';

export function sourceCheckLines(terminal: Terminal, check: SourceCheck): readonly string[] {
  const view = viewOfCheck(check.document);
  return [
    ...headLines(terminal, check),
    ...view.breaks.flatMap((one) => ['', ...breakLines(terminal, one), whyLine(one)]),
    ...view.accepted.map((one) => `  accepted  ${one.id}  ${one.title}`),
    ...unknownLines(view),
    '',
    ...view.hints.map((hint) => `  ${hint}`),
    sourceVerdictLine(terminal, view, check),
  ];
}

const dayMs = 86_400_000;

/** What is true of old prices is true of then: the line that everybody reads says so. */
export function sourceVerdictLine(
  terminal: Terminal,
  view: CheckView,
  { checked }: SourceCheck,
): string {
  const line = verdictLine(terminal, view);
  if (checked === null) return line;
  const { asOf, now, accounts } = checked;
  const age = millisecondsBetween(asOf, now);
  const isPriced = accounts.some(({ sheet }) => sheet.rows.some(({ priceAt }) => priceAt !== null));
  if (!isPriced || age <= dayMs) return line;
  return `${line} · prices as of ${timeText(instantText(asOf))}, ${ageText(age)} ago`;
}

const whyLine = ({ explanation }: { readonly explanation: { readonly sentence: string } }) =>
  `    ${explanation.sentence}`;

export function headLines(
  terminal: Terminal,
  { checked }: SourceCheck,
  command = 'check',
): readonly string[] {
  if (checked === null) return [terminal.style('bold', command)];
  const { snapshot, asOf, agesAt, now, accounts } = checked;
  const { location, schema, generation } = snapshot.identity;
  const old = millisecondsBetween(asOf, now);
  const age = old < youngMs ? '' : `, ${ageText(old)} ago`;
  const title = `${terminal.style('bold', command)} ${visible(location)}`;
  const { takenAt, namelessRecords: nameless = 0 } = snapshot;
  const moments = { asOf, agesAt, takenAt, nameless };
  const shared = snapshot.unattributed.filter(({ quantity }) => toTextOrNull(quantity) !== '0');
  return [
    `${title} · ${schema}, ${generation} · as of ${timeText(instantText(asOf))}${age}`,
    ...accounts.flatMap(({ name, sheet }) => ['', ...accountLines(terminal, name, sheet, moments)]),
    ...unattributedLines(terminal, shared),
  ];
}

/** What is younger is as good as now. */
const youngMs = 3_600_000;

const accountLines = (
  terminal: Terminal,
  name: string,
  sheet: Sheet,
  moments: Moments,
): readonly string[] => [
  `  ${terminal.style('bold', name)}`,
  ...positionLines(terminal, sheet, moments),
  '',
  ...sumLines(terminal, sheet, moments),
];
