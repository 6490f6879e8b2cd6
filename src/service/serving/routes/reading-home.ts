/** Are the books true? One answer for the first page. */
import { toTextOrNull } from '../../../decimal/text.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import type { Account } from '../../../store/accounts.ts';
import { type HomeAnswer, homeAnswer } from '../documents/home.ts';
import type { ServingParts } from '../parts.ts';
import { chronicleOf, dayBegin, dayText } from '../reads/chronicle.ts';
import { type Summarised, summaryOf } from '../reads/summaries.ts';
import { type Chronicled, entriesSince } from '../reads/today.ts';
import { venuesShown } from '../reads/venues.ts';
import { route } from '../route.ts';
import { breakSummary, compareBreaks } from '../views/break-view.ts';
import { scopeView } from '../views/home-view.ts';
import { addedTimes, percentTrue, timeTrue } from '../views/minutes-true.ts';

const breaksShown = 10;
const daysShown = 30;
const dayNanos = 86_400_000_000_000n;

const home = route(
  {
    ...{ method: 'GET', path: '/api/v1/home', tag: 'home', scope: 'read', holdsMs: 1_000 },
    summary: 'Are the books true? Verdict, what is at stake, accounts, the worst breaks',
    answer: homeAnswer,
  },
  async (parts) => ({ body: await homeOf(parts) }),
);

async function homeOf(parts: ServingParts): Promise<HomeAnswer> {
  const { reader, clock } = parts;
  const accounts = reader.file.accounts().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const chronicled: Chronicled[] = [];
  for (const account of accounts) {
    chronicled.push({ account, chronicle: await chronicleOf(parts, account) });
  }
  const now = clock.now();
  return reader.file.read(() => {
    const seen = accounts.map((account) => ({ account, ...summaryOf(parts, account) }));
    return {
      schema: 'trueup.home/1',
      asOf: instantText(now),
      live: scopeView('live', seen, now),
      paper: scopeView('paper', seen, now),
      breaks: worstOf(seen, now),
      minutesTrue: minutesOf(chronicled, now),
      today: todayOf(parts, chronicled, now),
    };
  });
}

const worstOf = (
  seen: readonly (Summarised & { readonly account: Account })[],
  now: Instant,
): HomeAnswer['breaks'] =>
  seen
    .flatMap(({ account, breaks }) =>
      breaks
        .filter((one) => !isClosed(one) && one.state !== 'ACCEPTED')
        .map((one) => ({ one, account })),
    )
    .sort((a, b) => compareBreaks(a.one, b.one))
    .slice(0, breaksShown)
    .map(({ one, account }) => breakSummary(one, account, now));

function minutesOf(all: readonly Chronicled[], now: Instant): HomeAnswer['minutesTrue'] {
  const hasLive = all.some(({ account }) => account.mode === 'live');
  const of = all.length === 0 ? null : hasLive ? 'live' : 'paper';
  const own = all.filter(({ account }) => account.mode === of);
  const spans = own.flatMap(({ chronicle }) => chronicle.spansUpTo(now));
  const first = dayBegin(now) - BigInt(daysShown - 1) * dayNanos;
  const days = Array.from({ length: daysShown }, (_, index) => {
    const from = first + BigInt(index) * dayNanos;
    return { day: dayText(from), time: timeTrue(spans, from, from + dayNanos) };
  });
  return {
    of,
    percent: toTextOrNull(percentTrue(addedTimes(days.map(({ time }) => time)))),
    days: days.map(({ day, time }) => ({ day, percent: toTextOrNull(percentTrue(time)) })),
  };
}

function todayOf(
  parts: ServingParts,
  accounts: readonly Chronicled[],
  now: Instant,
): HomeAnswer['today'] {
  const { entries, repairs } = entriesSince(parts, accounts, dayBegin(now));
  const venues = venuesShown(parts);
  const checks = parts.duties
    .status()
    .filter(({ name, paused }) => name.startsWith('check') && paused === null)
    .flatMap(({ next }) => next ?? []);
  const nextCheck = checks.reduce<Instant | null>(
    (first, next) => (first === null || next < first ? next : first),
    null,
  );
  return {
    ...{ entries, repairs },
    venuesAnswering: venues.filter(({ answering }) => answering === true).length,
    venues: venues.length,
    nextCheck: instantTextOrNull(nextCheck),
  };
}

export const homeRoutes = [home];
