/**
 * The duty `check` of a venue: is the book what the venue says? With `--repair auto` what the
 * policy lets be repaired without a person is, and the look after it is what counts.
 */
import { toTextOrNull } from '../../decimal/text.ts';
import { counted } from '../../model/amount.ts';
import type { Break } from '../../model/break.ts';
import { reasonTitles } from '../../model/reason.ts';
import { exitCodeOf } from '../../reconcile/verdict.ts';
import type { VenueLook } from '../venue-check/looking.ts';
import type { VenueDesk } from '../venues/desk.ts';
import { keyRefused } from '../venues/refused.ts';
import { settle } from './alerting.ts';
import type { Duty, DutyContext } from './duty.ts';
import { everyMinutes } from './timetable.ts';
import {
  type AlertedOf,
  breakAlerts,
  breakKey,
  brokenOf,
  gateAlerts,
  gateKey,
  largeAlerts,
  largeKey,
  unknownKey,
  unsaidAlerts,
} from './venue-check-alerts.ts';

/** One look may fail: a person is told when the one after it did, too, whichever second it ran. */
const staleRuns = 1.5;

export const checkVenue = (desk: VenueDesk, intervalMinutes: number): Duty => ({
  name: `check ${desk.name}`,
  timetable: everyMinutes(intervalMinutes),
  atStart: 'always',
  retry: null,
  failing: { alert: 'duty-failed', after: 2 },
  rationale: 'What nothing compares goes wrong unnoticed: the book against what the venue says.',
  async run(context) {
    const { clock, log, signal, options, source } = context;
    const { repair, policy } = options;
    const look = await desk.check(signal, {
      repair,
      ...(policy === undefined ? {} : { policy: policy() }),
    });
    if (look === null) {
      return { exitCode: 5, sentence: `CANNOT SAY: stopped before ${desk.name} had answered` };
    }
    const sentence = sentenceOf(look, desk);
    sayChecked(log, look, sentence);
    const staleAfterMs = staleRuns * intervalMinutes * 60_000;
    const of = { source, venue: desk.name, above: options.alertAbove(), now: clock.now() };
    await alertOn(context, look, { ...of, staleAfterMs });
    if (look.credentials) throw keyRefused(desk.name, look.why ?? 'no reason given');
    return { exitCode: exitCodeOf(look.checked.reconciled.verdict), sentence };
  },
});

const verdicts = { true: 'TRUE', break: 'BREAK', 'cannot-say': 'CANNOT SAY' } as const;

function sentenceOf(look: VenueLook, { name, account }: VenueDesk): string {
  const { verdict, breaks, unknown } = look.checked.reconciled;
  const repaired =
    look.applied.length === 0 ? [] : [`${counted(look.applied.length, 'repair')} made`];
  const waiting = brokenOf(look).filter(
    ({ state, repair }) => state === 'PROPOSED' && repair?.needsApproval === true,
  );
  const young = breaks.filter(({ state }) => state === 'SETTLING').length;
  const words = [
    ...(verdict === 'true' ? [`${name} and the book of ${account} agree`] : []),
    ...brokenOf(look).slice(0, namedMax).map(nameOf),
    ...(young === 0 ? [] : [`${counted(young, 'difference')} settling`]),
    ...(look.why === null ? unknown.slice(0, 1).map(({ why }) => why) : [`${name}: ${look.why}`]),
    ...repaired,
    ...(waiting.length === 0
      ? []
      : [`${counted(waiting.length, 'repair')} for a person to approve`]),
  ];
  return `${verdicts[verdict]}: ${words.join('; ')}`;
}

const namedMax = 5;

const nameOf = ({ id, reason }: Break): string => `${reasonTitles[reason]} (${id})`;

function sayChecked(log: DutyContext['log'], look: VenueLook, msg: string): void {
  const { account } = look.gate;
  for (const { repair, outcomes } of look.applied) {
    const { breakId } = repair;
    const words = `Repaired ${breakId} by ${counted(outcomes.length, 'entry', 'entries')}`;
    log.info({ event: 'repair.applied', account, breakId, msg: words });
  }
  for (const one of brokenOf(look)) log.warn({ ...lineOf(one), event: 'break.open' });
  const line = { event: 'venue.checked', account, msg };
  if (look.checked.reconciled.verdict === 'true') log.info(line);
  else log.warn(line);
}

/** The words of a quantity are those that operators of this kind of bot search for. */
function lineOf({ id: breakId, account, lines, reason, explanation }: Break) {
  const [first] = lines;
  const { what, key, instrument } = first!;
  const [ours, theirs] = [toTextOrNull(first!.ours), toTextOrNull(first!.theirs)];
  const isPosition = what === 'position';
  const sizes = `Book: ${ours ?? 'none'}, Exchange: ${theirs ?? 'none'}`;
  const msg = isPosition
    ? `Quantity mismatch - ${sizes} (${key}, ${reason})`
    : `${reason}: ${explanation.sentence}`;
  return { account, instrument: isPosition ? key : instrument, ours, theirs, breakId, msg };
}

/** What is not known settles no case: only an answer does. */
async function alertOn(
  { alerts, clock }: DutyContext,
  look: VenueLook,
  of: AlertedOf,
): Promise<void> {
  const at = clock.now();
  const { verdict } = look.checked.reconciled;
  const isTrue = verdict === 'true';
  const unsaid = unsaidAlerts(look, of);
  if (unsaid.length > 0 || isWhole(look)) {
    await settle(alerts, unknownKey(of), unsaid, `${of.venue} was compared whole`, at);
  }
  const breaks = breakAlerts(look, of);
  if (verdict !== 'cannot-say' || breaks.length > 0) {
    await settle(alerts, breakKey(of), breaks, `${of.venue} was compared again`, at);
  }
  const denied = gateAlerts(look, of);
  if (denied.length > 0 || look.gate.gate === 'allow') {
    await settle(alerts, gateKey(of), denied, 'trading is allowed again', at);
  }
  const large = largeAlerts(look, of);
  if (large.length > 0 || isTrue) {
    await settle(alerts, largeKey(of), large, `${of.venue} and the book agree after it`, at);
  }
}

/** Every position, balance and order was known. */
const isWhole = ({ gate }: VenueLook): boolean =>
  !gate.reasons.some(({ code }) => code === 'never-checked' || code === 'answer-incomplete');
