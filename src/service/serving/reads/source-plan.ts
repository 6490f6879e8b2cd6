/** What would set breaks of a bot's database right, as it is now, and why nothing does. */
import { sha256 } from '../../../journal/digest.ts';
import type { Break } from '../../../model/break.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { isRowLine } from '../../../reconcile/positions/check-positions.ts';
import type { LeftAlone, Plan } from '../../../reconcile/repair.ts';
import { isSourceLine } from '../../../reconcile/source/case.ts';
import type { Account } from '../../../store/accounts.ts';
import { agreedPlan } from '../../source/agreed.ts';
import type { ServedSource } from '../../source/served-source.ts';
import { placeOf } from '../../source/source-entries.ts';
import type { ServingParts } from '../parts.ts';
import type { SourceNamed } from '../views/repair-view.ts';
import { pricesAdvice } from './source-advice.ts';
import { type BalanceSeen, type PositionsSeen, sourceSeen } from './source-look.ts';
import { standingsOf } from './standings.ts';
import type { Planned } from './tasks.ts';

/** A break of what a bot's database says: beside itself, or its rows beside somebody. */
export const isOfDatabase = ({ lines }: Pick<Break, 'lines'>): boolean =>
  isSourceLine(lines[0]!) || isRowLine(lines[0]!);

/** Why nothing is written into it, with what to do; null: it may be. */
export const shutWhy = ({ mayWrite, name }: ServedSource): string | null =>
  mayWrite
    ? null
    : `with --repair never nothing is written into ${name}: start the service with --repair ask`;

/** Null: no break of the account that is open is of a database. */
export async function sourcePlanOf(parts: ServingParts, account: Account): Promise<Planned | null> {
  const known = [...standingsOf(parts.reader).of(account).breaks.values()];
  const open = known.filter((one) => !isClosed(one) && isOfDatabase(one));
  if (open.length === 0) return null;
  const found = await sourceSeen(parts);
  const { source: database } = parts;
  const statementAt = found?.seen?.at ?? parts.clock.now();
  if (found === null || database === undefined) {
    const why = 'this service does not look after its database: start it with --source';
    return { plan: emptyPlan(account, open, why), breaks: open, statementAt };
  }
  const { seen, why } = found;
  const silent = why === null && seen !== null ? null : (why ?? 'it was not looked at yet');
  const plan =
    silent === null
      ? planIn(seen!, account, database)
      : emptyPlan(account, open, `the database cannot be looked at: ${silent}`);
  const missing = plan ?? emptyPlan(account, open, `it is no account of ${database.name}`);
  return { plan: missing, breaks: open, statementAt };
}

function planIn(
  seen: BalanceSeen | PositionsSeen,
  { name }: Account,
  database: ServedSource,
): Plan | null {
  const shut = shutWhy(database);
  if (seen.kind === 'balance') {
    const { checked, snapshot } = seen.check;
    const one = checked?.accounts.find((each) => each.name === name);
    if (one === undefined) return null;
    const plan = agreedPlan(one, placeOf(snapshot!.identity), shut);
    const advice = shut === null ? pricesAdvice(one.sheet, database) : null;
    return advice === null ? plan : { ...plan, leftAlone: advised(plan.leftAlone, advice) };
  }
  const look = seen.looks.find(({ compared }) => compared.account.name === name);
  if (look === undefined) return null;
  const { plan } = look.checked.reconciled;
  if (shut === null) {
    return { ...plan, repairs: plan.repairs.map((one) => ({ ...one, planHash: plan.hash })) };
  }
  const left = plan.repairs.map(({ breakId, account }) => leftAs(breakId, account, shut));
  return { ...plan, repairs: [], leftAlone: [...plan.leftAlone, ...left] };
}

/** What a person decided to leave alone waits for nothing. */
const advised = (all: readonly LeftAlone[], advice: string): readonly LeftAlone[] =>
  all.map((one) =>
    one.decision === 'leave' ? one : { ...one, because: `${one.because}; ${advice}` },
  );

const leftAs = (breakId: string, account: string, because: string): LeftAlone => ({
  ...{ breakId, account, decision: 'ask', because },
});

const emptyPlan = ({ name }: Account, open: readonly Break[], because: string): Plan => ({
  ...{ hash: sha256(because), account: name, sequence: 0, repairs: [] },
  leftAlone: open.map(({ id }) => leftAs(id, name, because)),
});

/** The plan of the book and that of a database, shown as one: each repair has its own hash. */
export function joinedPlans(own: Planned | null, ofSource: Planned | null): Planned | null {
  if (own === null || ofSource === null) return own ?? ofSource;
  const ids = new Set(ofSource.breaks.map(({ id }) => id));
  const others = <T extends { readonly breakId: string }>(all: readonly T[]): readonly T[] =>
    all.filter(({ breakId }) => !ids.has(breakId));
  const { plan } = own;
  return {
    ...own,
    plan: {
      ...plan,
      repairs: [...others(plan.repairs), ...ofSource.plan.repairs],
      leftAlone: [...others(plan.leftAlone), ...ofSource.plan.leftAlone],
    },
    breaks: [...own.breaks.filter(({ id }) => !ids.has(id)), ...ofSource.breaks],
  };
}

/** As commands name it; null: the break is the book's own, or of no database that is known here. */
export function sourceNamedFor({ source, desks }: ServingParts, one: Break): SourceNamed | null {
  if (source === undefined || !isOfDatabase(one)) return null;
  const desk = isSourceLine(one.lines[0]!)
    ? undefined
    : desks.find(({ account }) => account === one.account);
  return { name: source.name, venue: desk?.name ?? null };
}
