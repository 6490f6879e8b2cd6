/** What is known of a case, in sentences for people. */
import { toText } from '../decimal/text.ts';
import type { RuledOut } from '../model/break.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { Statement } from '../model/statement.ts';
import type { Case } from './cases.ts';
import type { Attribution } from './causes/cause.ts';
import { decidingData } from './deciding.ts';
import type { FoundByIds } from './found-by-ids.ts';
import type { Idea } from './ideas.ts';
import type { CompareOptions } from './judge.ts';
import { isComplete } from './scope.ts';

interface Said {
  readonly statement: Statement;
  readonly options: CompareOptions;
}

export function sentenceOf(byIds: FoundByIds, idea: Idea | null, context: Said): string {
  const { one, found, open, explained } = byIds;
  const told = causesText(found);
  if (explained) return told;
  const asked = `What would decide it: ${decidingData(context.statement, one.lines[0]!)}.`;
  if (told === '') return idea?.sentence ?? `Nothing that is known by id accounts for it. ${asked}`;
  const left = open.map(({ key, residual }) => {
    return residual === null ? key : `${toText(residual)} on ${key}`;
  });
  const rest = left.length === 0 ? 'and it is not the whole' : `it leaves ${left.join(', ')}`;
  const lines = one.lines.length === 1 ? 'the difference' : 'the differences';
  return `${told} That does not explain ${lines}: ${rest}. ${idea?.sentence ?? asked}`;
}

const namedMax = 3;

/** One sentence for each title, naming the first few facts. */
function causesText(found: readonly Attribution[]): string {
  const byTitle = Map.groupBy(
    found.filter(({ title }) => title !== ''),
    ({ title }) => title,
  );
  return Array.from(byTitle, ([title, all]) => {
    const named = all.slice(0, namedMax).map(({ which }) => which);
    const more = all.length > namedMax ? `, and ${all.length - namedMax} more` : '';
    const times = all.length > 1 ? ` (${all.length} times)` : '';
    return `${title}${times}: ${named.join('; ')}${more}.`;
  }).join(' ');
}

/** What complete lists speak against: they hold nothing that the case could come from. */
export function ruledOutOf(one: Case, { statement }: Said): readonly RuledOut[] {
  const residual = one.lines[0]?.difference ?? null;
  const rows: RuledOut[] = [];
  const lists = [
    ['executions', statement.executions, ['FILL_MISSING', 'FILL_DUPLICATED']],
    ['cash flows', statement.cashFlows, ['FUNDING_MISSING', 'TRANSFER_MISSING']],
  ] as const;
  for (const [what, section, reasons] of lists) {
    const empty = one.gaps.every((gap) => gap.kind === 'order' || !belongs(gap.line.what, what));
    if (section === null || !isComplete(section) || !empty) continue;
    const { asOf } = statement;
    const to = section.to !== null && section.to < asOf ? section.to : asOf;
    const range = rangeText(section.from, to);
    const why = `book and venue list the same ${what}${range}`;
    rows.push(...reasons.map((reason) => ({ reason, residual, why })));
  }
  return rows;
}

const belongs = (line: string, what: string): boolean =>
  (line === 'fill') === (what === 'executions');

const rangeText = (from: Instant | null, to: Instant): string =>
  from === null ? '' : ` from ${instantText(from)} to ${instantText(to)}`;
