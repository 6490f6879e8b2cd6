/** One account in a few figures, and whether a bot may trade on it. */
import { toTextOrNull } from '../../../decimal/text.ts';
import type { Break } from '../../../model/break.ts';
import { instantTextOrNull } from '../../../model/instant.ts';
import { decideGate, gateMaxAgeMs } from '../../../reconcile/gate.ts';
import { countsAsBreak, stakeOf } from '../../../reconcile/verdict.ts';
import type { GateState } from '../../../report/gate-document.ts';
import type { Account } from '../../../store/accounts.ts';
import { stopShown } from '../../policy/standing.ts';
import type { Look } from '../../reading.ts';
import type { AccountSummary } from '../documents/home.ts';
import type { ServingParts } from '../parts.ts';
import { secondsSince } from '../views/break-view.ts';
import { type VerdictOnRecord, verdictOnRecord } from '../views/verdict-view.ts';
import { type EquityParts, equitySeen, sourceFigures } from './source-worth.ts';
import { type Standing, standingsOf } from './standings.ts';

export const breaksOn = ({ breaks }: Standing): readonly Break[] => [...breaks.values()];

export const verdictOf = (
  { clock, startedAt }: ServingParts,
  standing: Standing,
): VerdictOnRecord =>
  verdictOnRecord(
    { ...standing, breaks: breaksOn(standing) },
    { now: clock.now(), maxAgeMs: gateMaxAgeMs, startedAt },
  );

/** As the process that serves answers for it: nothing before its first whole check counts. */
export function gateFor(parts: ServingParts, account: Account, standing: Standing): GateState {
  const { clock, startedAt, reader } = parts;
  const { last, lastComplete } = standing;
  const { gate, reasons } = decideGate({
    ...{ now: clock.now(), maxAgeMs: gateMaxAgeMs, startedAt, last, lastComplete },
    breaks: breaksOn(standing),
  });
  const { name, mode } = account;
  const stopped = stopShown(reader.file, account.account, parts.policy());
  const of = { account: name, mode, lastComplete, stopped };
  const why = parts.notReady();
  if (why === null) return { ...of, gate, reasons };
  const reason = { code: 'not-since-start', why, breaks: [] } as const;
  const others = reasons.filter(({ code }) => code !== reason.code);
  return { ...of, gate: 'deny', reasons: [reason, ...others] };
}

export interface Summarised {
  readonly summary: AccountSummary;
  readonly breaks: readonly Break[];
  readonly gate: GateState;
  readonly look: Look;
  readonly equity: EquityParts;
}

/** Everything in it is of one instant of the book. */
export function summaryOf(parts: ServingParts, account: Account): Summarised {
  const { reader, clock, markMaxAgeMs } = parts;
  return reader.file.read(() => {
    const standing = standingsOf(reader).of(account);
    const breaks = breaksOn(standing);
    const look = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
    const gate = gateFor(parts, account, standing);
    const { verdict, why, trueUntil, trueSince, checkedAt } = verdictOf(parts, standing);
    const open = breaks.filter((one) => countsAsBreak(one, { strict: false }));
    const stake = stakeOf(open, { strict: false });
    const { lastAnswered } = standing;
    const equity = equitySeen(reader.file, account, standing.look, look.view.equity);
    const summary: AccountSummary = {
      ...{ account: account.name, mode: account.mode, currency: account.currency },
      ...{ venue: account.venue, verdict, why },
      trueUntil: instantTextOrNull(trueUntil),
      trueSince: instantTextOrNull(trueSince),
      checkedAt: instantTextOrNull(checkedAt),
      dataAgeSeconds: lastAnswered === null ? null : secondsSince(lastAnswered.at, clock.now()),
      breaks: open.length,
      gross: toTextOrNull(stake.gross),
      net: toTextOrNull(stake.net),
      ...{ equity: equity.total, equityKnown: equity.known, gate: gate.gate },
      source: sourceFigures(standing.look),
      sequence: look.head.sequence,
    };
    return { summary, breaks, gate, look, equity };
  });
}
