/** What a check of a venue has to tell a person: pure, from what the look found. */
import { compare, type Decimal } from '../../decimal/decimal.ts';
import { ageText } from '../../model/age.ts';
import { moneyText } from '../../model/amount.ts';
import type { Break } from '../../model/break.ts';
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import { isClosed, isHeld } from '../../model/life-cycle.ts';
import { reasonTitles } from '../../model/reason.ts';
import type { Plan } from '../../reconcile/repair.ts';
import type { VenueLook } from '../venue-check/looking.ts';
import { caseKey, type Told } from './alerting.ts';

export interface AlertedOf {
  /** What the service looks after: its cases are told apart by it. */
  readonly source: string;
  /** The venue's name in the settings. */
  readonly venue: string;
  /** A break of more is told, and one without a price. */
  readonly above: Decimal;
  readonly now: Instant;
  /** A whole check that is older is told as missing. */
  readonly staleAfterMs: number;
}

type Of = Pick<AlertedOf, 'source' | 'venue'>;

export const breakKey = ({ source, venue }: Of, id = ''): string =>
  caseKey('break', source, id === '' ? venue : `${venue}/${id}`);
export const largeKey = ({ source, venue }: Of, id = ''): string =>
  caseKey('large', source, id === '' ? venue : `${venue}/${id}`);
export const unknownKey = ({ source, venue }: Of): string => caseKey('unsaid', source, venue);
export const gateKey = ({ source, venue }: Of): string => caseKey('gate', source, venue);

/** Wrong, and not only young: what a person snoozed or accepted is listed, and wakes nobody. */
export const brokenOf = ({ checked }: VenueLook): readonly Break[] =>
  checked.reconciled.breaks.filter(
    (one) => !isClosed(one) && !isHeld(one) && one.state !== 'SETTLING',
  );

/** One case for each. */
export function breakAlerts(look: VenueLook, of: AlertedOf): readonly Told[] {
  const { plan } = look.checked.reconciled;
  return brokenOf(look)
    .filter((one) => isAbove(one, of.above))
    .map((one): Told => {
      return {
        ...{ key: breakKey(of, one.id), name: 'break-open', severity: one.severity },
        ...(one.gross === null ? {} : { atStake: one.gross }),
        account: one.account,
        title: `${of.venue} and the book differ: ${reasonTitles[one.reason]}`,
        lines: [
          `${one.reason} (${one.confidence}): ${one.explanation.sentence}`,
          `next: trueup investigate ${one.id} --venue ${of.venue}`,
          ...thenLines(one, plan, of.venue),
        ],
      };
    });
}

/** By what differs, or by what its repair would move, though that was not compared. */
function isAbove({ gross, remedy }: Break, above: Decimal): boolean {
  const moved = remedy?.moves === undefined ? gross : remedy.moves;
  return [gross, moved].some((value) => value === null || compare(value, above) > 0);
}

function thenLines(one: Break, { repairs, leftAlone, hash }: Plan, venue: string): string[] {
  const { id, account, state, repair: noted } = one;
  const repair = repairs.find(({ breakId }) => breakId === id);
  const sync = `trueup sync --venue ${venue}`;
  if (repair === undefined) {
    const remedy = leftAlone.find(({ breakId }) => breakId === id)?.remedy?.command;
    return remedy == null ? [] : [`then: ${remedy}`];
  }
  const isNoted = noted?.planHash === hash;
  const isApproved = state === 'APPROVED' && isNoted;
  if (!repair.needsApproval || isApproved) return [`then: ${sync} --apply`];
  if (state !== 'PROPOSED' || !isNoted) {
    return [`then: ${sync}, which shows the plan and how to approve it`];
  }
  return [
    `waits for a person: ${repair.because}`,
    `then: trueup approve ${id} --plan ${hash.slice(0, 12)} --account ${account}`,
    `then: ${sync} --apply`,
  ];
}

/** Repairs of this look that are worth a person's look, though nobody had to be asked. */
export const largeAlerts = ({ applied, checked }: VenueLook, of: AlertedOf): readonly Told[] =>
  applied
    .filter(({ repair }) => repair.large === true)
    .map(({ repair: { breakId }, after, outcomes }): Told => {
      const one = after ?? checked.reconciled.breaks.find(({ id }) => id === breakId) ?? null;
      const entries = outcomes.flatMap((each) => ('sequence' in each ? [each.sequence] : []));
      const gross = one?.gross ?? null;
      return {
        ...{ key: largeKey(of, breakId), name: 'repair-large', severity: 'medium' },
        ...(gross === null ? {} : { atStake: gross }),
        account: one?.account ?? null,
        title: `A large repair of the book was made without a person: ${moneyText(gross)}`,
        lines: [
          ...(one === null ? [] : [`${one.reason}: ${one.explanation.sentence}`]),
          `entries ${entries.join(', ')}; trueup sync undo takes one back`,
          `next: trueup investigate ${breakId} --venue ${of.venue}`,
        ],
      };
    });

/** Nobody was able to say for too long. */
export function unsaidAlerts(look: VenueLook, of: AlertedOf): readonly Told[] {
  const { lastComplete, account } = look.gate;
  const ageMs = lastComplete === null ? null : millisecondsBetween(lastComplete.at, of.now);
  if (ageMs !== null && ageMs <= of.staleAfterMs) return [];
  const since = ageMs === null ? 'never' : `not for ${ageText(ageMs)}`;
  const unknown = look.checked.reconciled.unknown.map(({ section, why }) => `${section}: ${why}`);
  return [
    {
      ...{ key: unknownKey(of), name: 'check-unsaid', severity: 'high', account },
      title: `Whether ${of.venue} and the book agree was ${since} known`,
      lines: [
        look.why ?? unknown[0] ?? 'no check was whole',
        'Trading on it is denied until it is known.',
        `next: trueup check --venue ${of.venue}`,
      ],
    },
  ];
}

/** Breaks that deny, whatever they are worth; what is not known is another case. */
export function gateAlerts({ gate, checked }: VenueLook, of: AlertedOf): readonly Told[] {
  const open = gate.reasons.find(({ code }) => code === 'break-open');
  if (open === undefined) return [];
  const { account } = gate;
  const titleOf = (id: string) => {
    const one = checked.reconciled.breaks.find((each) => each.id === id);
    return one === undefined ? id : `${id}: ${reasonTitles[one.reason]}`;
  };
  return [
    {
      ...{ key: gateKey(of), name: 'gate-denied', severity: 'high', account },
      title: `Trading on ${account} is denied: ${open.why}`,
      lines: [...open.breaks.map(titleOf), `next: trueup gate --account ${account}`],
    },
  ];
}
