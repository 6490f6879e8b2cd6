/**
 * What is compared again after a what-if: everything that is held, and of the facts those at
 * issue. The others agreed before, and no repair touches them; a million of them cost nothing.
 */
import type { Statement, StatementSection } from '../model/statement.ts';
import type { BookedItem, BookSide, ListedFact } from './book-side.ts';
import type { Gap } from './gap.ts';

export function factsAtIssue(
  gaps: readonly Gap[],
  book: BookSide,
  statement: Statement,
): { readonly book: BookSide; readonly statement: Statement } {
  const facts: BookedItem[] = [];
  const withdrawn: BookedItem[] = [];
  const listed = new Set<ListedFact>();
  for (const gap of gaps) {
    if (gap.kind === 'order') continue;
    if (gap.kind === 'withdrawn') withdrawn.push(gap.ours);
    else if (gap.kind !== 'missing') facts.push(gap.ours);
    if (gap.kind !== 'extra' && gap.kind !== 'superseded') listed.add(gap.theirs);
  }
  const { executions, cashFlows } = statement;
  return {
    book: { ...book, facts, withdrawn },
    statement: {
      ...statement,
      executions: executions && only(executions, listed),
      cashFlows: cashFlows && only(cashFlows, listed),
    },
  };
}

const only = <Item extends ListedFact>(
  section: StatementSection<Item>,
  listed: ReadonlySet<ListedFact>,
): StatementSection<Item> => ({
  ...section,
  items: listed.size === 0 ? [] : section.items.filter((item) => listed.has(item)),
});
