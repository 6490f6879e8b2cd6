/** What runs: venues, duties with their runs, aged exits. */
import { z } from 'zod';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { DutyShown } from '../../duties/control.ts';
import { timetableText } from '../../duties/timetable.ts';
import { cursorOf, placeOf } from '../cursors.ts';
import * as form from '../documents/forms.ts';
import * as shown from '../documents/operations.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { exitsOf } from '../reads/exits.ts';
import { accountsChosen } from '../reads/looks.ts';
import { lastRunOf, runsOf } from '../reads/runs.ts';
import { venueSettings, venuesShown } from '../reads/venues.ts';
import { route } from '../route.ts';

const words = { method: 'GET', tag: 'operations', scope: 'read' } as const;

const venues = route(
  {
    ...{ ...words, path: '/api/v1/venues', holdsMs: 1_000 },
    summary: 'Venues of the settings: what they last answered, how far each stream is whole',
    answer: shown.venuesAnswer,
  },
  (parts) => ({ body: { schema: 'trueup.venues/1', items: venuesShown(parts), next: null } }),
);

const duties = route(
  {
    ...{ ...words, path: '/api/v1/duties', holdsMs: null },
    summary: 'What is done by the clock: timetable, last run, next run, what was missed',
    answer: shown.dutiesAnswer,
  },
  (parts) => {
    const items = parts.duties.status().map((one) => dutyShown(parts, one));
    return { body: { schema: 'trueup.duties/1', items, next: null } };
  },
);

const dutyShown = (parts: ServingParts, one: DutyShown) => ({
  name: one.name,
  timetable: one.timetable === null ? 'all the time' : timetableText(one.timetable),
  ...{ rationale: one.rationale, standing: one.standing, running: one.running },
  paused: one.paused && {
    ...{ since: instantText(one.paused.since), by: one.paused.by, reason: one.paused.reason },
  },
  last: lastRunOf(parts.file, one.name),
  next: instantTextOrNull(one.next),
  ...{ runs: one.runs, failures: one.failures, missed: one.missed },
});

const runs = route(
  {
    ...{ ...words, path: '/api/v1/duties/:name/runs', holdsMs: null },
    summary: 'Runs of a duty, the newest first',
    params: z.object({ name: z.string().max(100) }),
    query: z.object(form.pageQuery),
    answer: shown.dutyRunsAnswer,
  },
  (parts, { params: { name }, query }) => {
    const names = parts.duties.status().map((one) => one.name);
    if (!names.includes(name)) throw new Problem('unknown', `there is no duty ${name}`, { names });
    const [before] = placeOf('runs', query.cursor) ?? [Number.MAX_SAFE_INTEGER];
    const items = runsOf(parts.file, name, before, query.limit);
    const last = items.length === query.limit ? items.at(-1)! : null;
    const next = last === null ? null : cursorOf('runs', [last.n]);
    return { body: { schema: 'trueup.duty-runs/1', items, next } };
  },
);

const exits = route(
  {
    ...{ ...words, path: '/api/v1/exits', holdsMs: 1_000 },
    summary: 'Positions by age, phase and target, as the book and the last statement have them',
    query: z.object({ account: z.string().max(200).optional() }),
    answer: shown.exitsAnswer,
  },
  (parts, { query }) => ({ body: parts.reader.file.read(() => exitsAnswer(parts, query.account)) }),
);

function exitsAnswer(parts: ServingParts, name: string | undefined) {
  const settings = new Map(venueSettings(parts).map(([, one]) => [one.account, one]));
  const accounts = accountsChosen(parts, name);
  const seen = accounts.map((one) => exitsOf(parts, one, settings.get(one.name) ?? null));
  const oldest = seen.reduce<Instant | null>(
    (first, { asOf }) => (asOf !== null && (first === null || asOf < first) ? asOf : first),
    null,
  );
  const acting = parts.desks.some(({ leavesAged }) => leavesAged);
  return {
    schema: 'trueup.exits-view/1',
    items: seen.flatMap(({ rows }) => rows),
    ...{ next: null, asOf: instantTextOrNull(oldest), acting },
    why: acting ? null : 'no venue has "readOnly": false and "exits": {"enabled": true}',
  };
}

export const runningRoutes = [venues, duties, runs, exits];
