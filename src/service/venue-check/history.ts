/** Executions and cash flows since an instant, as sections of a statement that was taken. */
import type { CashFact, Fill } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import { identityOf } from '../../reconcile/gap.ts';
import { isCompleteThrough } from '../../reconcile/scope.ts';
import type { Answer, FactPage, Venue } from '../../venues/venue.ts';
import { type Asked, asked, type Patience } from '../listening/asking.ts';

/** A section that is complete as it was told, and already reaches back so far, stays. */
export async function historySince(
  venue: Venue,
  statement: Statement,
  since: Instant,
  patience: Patience,
): Promise<Statement> {
  const { executions, cashFlows } = venue.capabilities;
  const listed = async <F extends Fill | CashFact>(
    told: StatementSection<F> | null,
    complete: boolean,
    ask: Pages<F>,
  ): Promise<StatementSection<F> | null> => {
    const reaches = told?.complete === true && told.from !== null && told.from <= since;
    if (reaches) return told;
    return (await listing(told, { since, complete }, ask, patience)) ?? told;
  };
  return {
    ...statement,
    executions: await listed(statement.executions, executions.complete, (cursor, from) =>
      venue.executions(cursor, from),
    ),
    cashFlows: await listed(statement.cashFlows, cashFlows.complete, (cursor, from) =>
      venue.cashFlows(cursor, from),
    ),
  };
}

/** With all executions of some instruments since an instant; null: they are not listed whole. */
export async function executionsIn(
  instruments: ReadonlySet<string>,
  venue: Venue,
  statement: Statement,
  since: Instant,
  patience: Patience,
): Promise<Statement | null> {
  const { executions: told } = statement;
  const { complete } = venue.capabilities.executions;
  const ask: Pages<Fill> = (cursor, from) => venue.executions(cursor, from);
  const listed = await listing(told, { since, complete }, ask, patience);
  if (told === null || listed === null || !isCompleteThrough(listed, statement.asOf)) return null;
  const known = new Set(told.items.map(identityOf));
  // What was told is continued whole; before it, of these instruments alone.
  const isMeant = ({ instrument, time }: Fill): boolean =>
    instruments.has(instrument) || told.to === null || time > told.to;
  const more = listed.items.filter((fill) => isMeant(fill) && !known.has(identityOf(fill)));
  return { ...statement, executions: { ...told, to: listed.to, items: [...told.items, ...more] } };
}

type Pages<F extends Fill | CashFact> = (
  cursor: string | null,
  since: Instant | null,
) => Promise<Answer<FactPage<F>>>;

interface Wanted {
  readonly since: Instant;
  /** The venue lists all of them. */
  readonly complete: boolean;
}

/** Null: it did not come to its end. */
async function listing<F extends Fill | CashFact>(
  told: StatementSection<F> | null,
  { since, complete }: Wanted,
  ask: Pages<F>,
  patience: Patience,
): Promise<StatementSection<F> | null> {
  const items = new Map<string, F>();
  const faults: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const at: string | null = cursor;
    const page: Asked<FactPage<F>> = await asked(
      () => ask(at, at === null ? since : null),
      patience,
    );
    if (!page.ok || patience.signal.aborted) return null;
    for (const fact of page.value.facts) items.set(identityOf(fact), fact);
    faults.push(...(page.value.faults ?? []));
    if (!page.value.more) return sectionOf(page.value.through);
    if (page.value.cursor === at) return null;
    cursor = page.value.cursor;
  }

  function sectionOf(through: Instant): StatementSection<F> {
    // What was told with the statement is at least as new.
    for (const fact of told?.items ?? []) items.set(identityOf(fact), fact);
    const doubts = [
      ...(complete ? [] : ['the venue has no complete list of them']),
      ...faults.slice(0, 5),
      ...(told !== null && !told.complete && told.error !== null ? [told.error] : []),
    ];
    const error = doubts.length === 0 ? null : doubts.join('; ');
    const whole = told?.complete === true && told.to !== null && told.to > through;
    const to = whole ? told.to : through;
    const range = { scope: null, from: since, to };
    return { ...range, complete: error === null, error, items: [...items.values()] };
  }
}
