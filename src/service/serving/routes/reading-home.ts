/** Are the books true? One answer for the first page. */
import { z } from 'zod';
import { toTextOrNull } from '../../../decimal/text.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import type { Account } from '../../../store/accounts.ts';
import * as form from '../documents/forms.ts';
import { type HomeAnswer, homeAnswer, type Today } from '../documents/home.ts';
import type { ServingParts } from '../parts.ts';
import { aside } from '../reads/aside.ts';
import { chronicleOf, dayBegin, dayText } from '../reads/chronicle.ts';
import { asOfOf } from '../reads/looks.ts';
import { noAccountWhy } from '../reads/source-advice.ts';
import { summaryOf } from '../reads/summaries.ts';
import { type Chronicled, entriesSince } from '../reads/today.ts';
import { venuesShown } from '../reads/venues.ts';
import { route } from '../route.ts';
import { breakSummary, compareBreaks } from '../views/break-view.ts';
import { type AccountSeen, scopeView } from '../views/home-view.ts';
import { addedTimes, percentTrue, timeTrue } from '../views/minutes-true.ts';

/** Of each of the two. */
const breaksShown = 10;
const daysShown = 30;
const dayNanos = 86_400_000_000_000n;

const home = route(
  {
    ...{ method: 'GET', path: '/api/v1/home', tag: 'home', scope: 'read', holdsMs: 1_000 },
    summary: 'Are the books true? Verdict, what is at stake, accounts, the worst breaks',
    query: z.object(
      form.asOfIn(
        'As somebody would have read it then: verdicts, breaks and the gate of what was on ' +
          'record by then, equity of what had happened; what was not kept is null',
      ),
    ),
    answer: homeAnswer,
  },
  async (parts, { query }) => {
    const asOf = asOfOf(query);
    if (asOf !== null) return { body: await homeThen(parts, asOf) };
    const home = await homeNow(parts);
    const isEmpty = home.live === null && home.paper === null;
    return { body: isEmpty ? { ...home, noAccount: await noAccountWhy(parts) } : home };
  },
);

type Seen = AccountSeen & { readonly account: Account };

interface Told {
  readonly seen: readonly Seen[];
  readonly chronicled: readonly Chronicled[];
  /** The instant that all of it is of. */
  readonly at: Instant;
  /** What was recorded later is left out; null: nothing is. */
  readonly upTo: Instant | null;
  readonly running: RunningOf;
}

/** What runs, and is not kept as it was. */
type Running = Pick<Today, 'venuesAnswering' | 'venues' | 'nextCheck'>;

type Mode = Account['mode'];

/** Of one of the two; null: of both. */
type RunningOf = (mode: Mode | null) => Running;

const accountsOf = ({ reader }: ServingParts): readonly Account[] =>
  reader.file.accounts().toSorted((a, b) => (a.name < b.name ? -1 : 1));

async function chroniclesOf(parts: ServingParts): Promise<readonly Chronicled[]> {
  const chronicled: Chronicled[] = [];
  for (const account of accountsOf(parts)) {
    chronicled.push({ account, chronicle: await chronicleOf(parts, account) });
  }
  return chronicled;
}

async function homeNow(parts: ServingParts): Promise<HomeAnswer> {
  const { reader, clock } = parts;
  const chronicled = await chroniclesOf(parts);
  const at = clock.now();
  return reader.file.read(() => {
    const seen = chronicled.map(({ account }) => ({ account, ...summaryOf(parts, account) }));
    return homeOf(parts, { seen, chronicled, at, upTo: null, running: runningNow(parts) });
  });
}

const nothingKept: RunningOf = () => ({ venuesAnswering: null, venues: null, nextCheck: null });

/** One account after the other: the thread that reads has others to serve. */
async function homeThen(parts: ServingParts, asOf: Instant): Promise<HomeAnswer> {
  const { clock, markMaxAgeMs } = parts;
  const chronicled = await chroniclesOf(parts);
  const now = clock.now();
  const of = { asOf, knownAt: null, now, markMaxAgeMs };
  const seen: Seen[] = [];
  for (const { account } of chronicled) {
    const then = await aside(parts, 'recalledSummary', { account, ...of });
    if (then !== null) seen.push({ account, ...then });
  }
  const at = asOf < now ? asOf : now;
  return homeOf(parts, { seen, chronicled, at, upTo: at, running: nothingKept });
}

function homeOf(parts: ServingParts, told: Told): HomeAnswer {
  const { seen, chronicled, at } = told;
  return {
    schema: 'trueup.home/1',
    asOf: instantText(at),
    live: scopeTold(parts, told, 'live'),
    paper: scopeTold(parts, told, 'paper'),
    noAccount: null,
    breaks: [...worstOf(seen, 'live', at), ...worstOf(seen, 'paper', at)],
    minutesTrue: minutesOf(chronicled, at),
    today: todayOf(parts, told, null),
  };
}

function scopeTold<M extends Mode>(parts: ServingParts, told: Told, mode: M) {
  const view = scopeView(mode, told.seen, told.at);
  return view && { ...view, scope: mode, today: todayOf(parts, told, mode) };
}

/** Of one of the two; null: of both, which is what the service did. */
function todayOf(parts: ServingParts, told: Told, mode: Mode | null): Today {
  const { chronicled, at, upTo, running } = told;
  const own = chronicled.filter(({ account }) => mode === null || account.mode === mode);
  return { ...entriesSince(parts, own, { from: dayBegin(at), to: upTo }), ...running(mode) };
}

/** Those of the other one hide none of them. */
const worstOf = (seen: readonly Seen[], mode: Mode, now: Instant): HomeAnswer['breaks'] =>
  seen
    .filter(({ account }) => account.mode === mode)
    .flatMap(({ account, breaks }) =>
      breaks
        .filter((one) => !isClosed(one) && one.state !== 'ACCEPTED')
        .map((one) => ({ one, account })),
    )
    .sort((a, b) => compareBreaks(a.one, b.one))
    .slice(0, breaksShown)
    .map(({ one, account }) => breakSummary(one, account, now));

/** Checks that spoke of a day count, up to that instant. */
function minutesOf(all: readonly Chronicled[], now: Instant): HomeAnswer['minutesTrue'] {
  const hasLive = all.some(({ account }) => account.mode === 'live');
  const of = all.length === 0 ? null : hasLive ? 'live' : 'paper';
  const own = all.filter(({ account }) => account.mode === of);
  const spans = own.flatMap(({ chronicle }) => chronicle.spansUpTo(now));
  const first = dayBegin(now) - BigInt(daysShown - 1) * dayNanos;
  const days = Array.from({ length: daysShown }, (_, index) => {
    const from = first + BigInt(index) * dayNanos;
    const to = from + dayNanos < now ? from + dayNanos : now;
    return { day: dayText(from), time: timeTrue(spans, from, to) };
  });
  const whole = addedTimes(days.map(({ time }) => time));
  return {
    of,
    percent: toTextOrNull(percentTrue(whole)),
    knownSeconds: Number(whole.known / 1_000_000_000n),
    days: days.map(({ day, time }) => ({ day, percent: toTextOrNull(percentTrue(time)) })),
  };
}

function runningNow(parts: ServingParts): RunningOf {
  const venues = venuesShown(parts);
  const checks = parts.duties
    .status()
    .filter(({ name, paused }) => name.startsWith('check') && paused === null);
  return (mode) => {
    const own = venues.filter((venue) => mode === null || venue.mode === mode);
    // A check of something else than a venue is of both: of the book itself, say.
    const others = new Set(venues.filter((venue) => !own.includes(venue)).map(checkOf));
    const next = checks.flatMap((duty) => (others.has(duty.name) ? [] : (duty.next ?? [])));
    return {
      venuesAnswering: own.filter(({ answering }) => answering === true).length,
      venues: own.length,
      nextCheck: instantTextOrNull(firstOf(next)),
    };
  };
}

const checkOf = ({ name }: { readonly name: string }): string => `check ${name}`;

const firstOf = (instants: readonly Instant[]): Instant | null =>
  instants.reduce<Instant | null>(
    (first, next) => (first === null || next < first ? next : first),
    null,
  );

export const homeRoutes = [home];
