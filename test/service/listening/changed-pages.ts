/** What a fake venue lists, changed on its way: rows left out, executions that money tells of. */
import type { CashFact, Fill } from '../../../src/model/fact.ts';
import type { FactPage, ToldExecution } from '../../../src/venues/venue.ts';
import type { FakeVenue } from './fake-venue.ts';

export function changeExecutions(
  venue: FakeVenue,
  change: (page: FactPage<Fill>) => FactPage<Fill>,
): void {
  const list = venue.executions.bind(venue);
  venue.executions = async (...from) => {
    const answer = await list(...from);
    return answer.status === 'answered' ? { ...answer, value: change(answer.value) } : answer;
  };
}

export function changeCashFlows(
  venue: FakeVenue,
  change: (page: FactPage<CashFact>) => FactPage<CashFact>,
): void {
  const list = venue.cashFlows.bind(venue);
  venue.cashFlows = async (...from) => {
    const answer = await list(...from);
    return answer.status === 'answered' ? { ...answer, value: change(answer.value) } : answer;
  };
}

/** The list of executions leaves these out, for as long as they are in the answer. */
export function leaveOut(venue: FakeVenue, ...ids: readonly string[]): Set<string> {
  const hidden = new Set(ids);
  changeExecutions(venue, (page) => ({
    ...page,
    facts: page.facts.filter(({ executionId }) => !hidden.has(executionId)),
  }));
  return hidden;
}

/** The log of money tells of every execution. */
export function tellExecutions(
  venue: FakeVenue,
  more: (told: readonly ToldExecution[]) => readonly ToldExecution[] = (told) => told,
): void {
  changeCashFlows(venue, (page) => ({
    ...page,
    executions: more(
      venue.inForce().map(({ executionId, time }) => ({ executionId, time, takenBack: false })),
    ),
  }));
}
