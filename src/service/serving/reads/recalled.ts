/** An account as it stood at an instant that is past, of what was on record then. */
import { toTextOrNull } from '../../../decimal/text.ts';
import type { Break } from '../../../model/break.ts';
import { type Instant, instantTextOrNull } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { decideGate } from '../../../reconcile/gate.ts';
import { countsAsBreak, stakeOf } from '../../../reconcile/verdict.ts';
import { neverBookedEquity } from '../../never-booked.ts';
import type { BookReader, Look } from '../../reading.ts';
import type { BreaksAnswer } from '../documents/breaks.ts';
import type { AccountSummary } from '../documents/home.ts';
import { secondsSince } from '../views/break-view.ts';
import { equityParts } from '../views/equity-view.ts';
import {
  type PlaceAsked,
  type RecallAsked,
  type Recollection,
  recollected,
} from './recollection.ts';
import { type EquityParts, equitySeen, sourceFigures } from './source-worth.ts';
import { unknownIn } from './unknowns.ts';

/** Its verdict and the gate, without what it held. */
export const recalled = (reader: BookReader, asked: RecallAsked) =>
  reader.file.read(() => standingThen(recollected(reader, asked)));

function standingThen({ breaks, checks, said, times, look }: Recollection) {
  const { gate, reasons } = decideGate({ ...times, ...checks, breaks });
  const open = breaks.filter((one) => countsAsBreak(one, { strict: false }));
  const stake = stakeOf(open, { strict: false });
  const { lastAnswered } = checks;
  return {
    ...{ verdict: said.verdict, why: said.why, breaks: open.length, gate },
    trueUntil: instantTextOrNull(said.trueUntil),
    trueSince: instantTextOrNull(said.trueSince),
    checkedAt: instantTextOrNull(said.checkedAt),
    dataAgeSeconds: lastAnswered === null ? null : secondsSince(lastAnswered.at, times.now),
    ...{ gross: toTextOrNull(stake.gross), net: toTextOrNull(stake.net) },
    gateReasons: reasons.map(({ code, why }) => ({ code, why })),
    source: sourceFigures(look),
  };
}

export interface RecalledBreaks {
  readonly breaks: readonly Break[];
  readonly unknown: BreaksAnswer['unknown'];
}

/** Its breaks in the states of then, closed ones included. */
export const recalledBreaks = (reader: BookReader, asked: RecallAsked): RecalledBreaks =>
  reader.file.read(() => {
    const then = recollected(reader, asked);
    const { breaks, said, checks, isOfSource, isThere } = then;
    const unknown = unknownIn(asked.account, { isOfSource, ...checks }, said);
    return { breaks, unknown: isThere ? unknown : [] };
  });

export interface RecalledSummary {
  readonly summary: AccountSummary;
  /** Those that were not closed. */
  readonly breaks: readonly Break[];
}

/** As the first page has it: in a few figures, with its breaks. Null: it was not there yet. */
export const recalledSummary = (
  reader: BookReader,
  asked: RecallAsked & { readonly markMaxAgeMs: number },
): RecalledSummary | null =>
  reader.file.read(() => {
    const { account, asOf, knownAt, markMaxAgeMs } = asked;
    const then = recollected(reader, asked);
    if (!then.isThere) return null;
    const { gateReasons: _, ...standing } = standingThen(then);
    const equity = worthThen(reader, reader.look(account, { asOf, knownAt, markMaxAgeMs }), then);
    return {
      summary: {
        ...{ account: account.name, mode: account.mode, currency: account.currency },
        ...{ venue: account.venue, ...standing, sequence: then.sequence },
        ...{ equity: equity.total, equityKnown: equity.known },
      },
      breaks: then.breaks.filter((one) => !isClosed(one)),
    };
  });

/** Where nothing had been booked by then, and nobody had confirmed that, it is not known. */
function worthThen(
  { file }: BookReader,
  { account, view, fold }: Look,
  { look, checks }: Pick<Recollection, 'look' | 'checks'>,
): EquityParts {
  const isBooked = !fold.groups().next().done;
  // A look at a database says nothing of what its venue holds.
  const isConfirmed = look === null && checks.lastTrue?.complete === true;
  if (isBooked || isConfirmed) return equityParts(view.equity);
  const unknown = neverBookedEquity(account.name, view.equity);
  return look === null ? equityParts(unknown) : equitySeen(file, account, look, unknown);
}

/** The same, of a look back at an account. */
export function equityThen(reader: BookReader, look: Look, asked: PlaceAsked): EquityParts {
  // What is folded of something is what it is worth.
  if (!look.fold.groups().next().done) return equityParts(look.view.equity);
  return worthThen(reader, look, recollected(reader, { ...asked, now: endOfTime }));
}

const endOfTime: Instant = 2n ** 63n - 1n;
