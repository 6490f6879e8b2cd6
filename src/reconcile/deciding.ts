/** What data would decide what is not known. */
import type { Line } from '../model/break.ts';
import { instantText } from '../model/instant.ts';
import type { Statement, StatementSection } from '../model/statement.ts';
import { isComplete } from './scope.ts';

/** The lists that the statement does not carry, or that end too early: of what moves the line. */
export function decidingData({ executions, cashFlows }: Statement, { what }: Line): string {
  const wanted = [
    lacking('executions', executions),
    // Contracts move by executions alone.
    ...(what === 'position' ? [] : [lacking('cash flows', cashFlows)]),
  ];
  return wanted.join(' and ');
}

function lacking(what: string, section: StatementSection<unknown> | null): string {
  if (section === null) return `the ${what}, of which the statement has no list`;
  if (!isComplete(section)) return `a complete list of ${what}`;
  return `${what} before ${instantText(section.from ?? 0n)}`;
}
