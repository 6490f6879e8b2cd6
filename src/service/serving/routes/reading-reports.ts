/** Reports of days: a calendar of verdicts, and the report itself, as the command writes it. */
import { z } from 'zod';
import type { Instant } from '../../../model/instant.ts';
import { type Verdict, worstVerdict } from '../../../reconcile/verdict.ts';
import { dayOf } from '../../../report/daily-report-day.ts';
import type { Account } from '../../../store/accounts.ts';
import { reportForms, reportText } from '../../reporting.ts';
import { pageOfList } from '../cursors.ts';
import * as form from '../documents/forms.ts';
import { reportAnswer, reportsAnswer } from '../documents/reports.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { aside } from '../reads/aside.ts';
import { type Chronicle, chronicleOf, dayBegin, dayText, pagesOf } from '../reads/chronicle.ts';
import { livesOf, openAt } from '../reads/lives.ts';
import { accountNamed, accountsChosen } from '../reads/looks.ts';
import { route } from '../route.ts';
import type { Life } from '../views/equity-view.ts';

const words = { method: 'GET', tag: 'reports', scope: 'read' } as const;
const types = { md: 'text/markdown; charset=utf-8', html: 'text/html; charset=utf-8' } as const;
const dayNanos = 86_400_000_000_000n;
/** Later ones are no times of a book. */
const dayMax = '2261-12-31';
/** Of years that are long past, the command still writes them. */
const daysMax = 400;

const reports = route(
  {
    ...{ ...words, path: '/api/v1/reports', holdsMs: 5_000 },
    summary: 'Days of which there is something to report, the newest first, each with its verdict',
    query: z.object({ ...form.pageQuery, account: z.string().max(200).optional() }),
    answer: reportsAnswer,
  },
  async (parts, { query }) => {
    const accounts = accountsChosen(parts, query.account);
    const { items, next } = pageOfList('reports', daysOf(parts, accounts), query);
    const histories: Histories = [];
    for (const one of accounts) {
      const { steps, days } = await chronicleOf(parts, one);
      histories.push({ lives: livesOf(steps), days });
    }
    const shown = items.map((begin) => ({
      ...{ day: dayText(begin), account: query.account ?? null },
      ...{ verdict: verdictOfDay(histories, begin), forms: [...reportForms] },
    }));
    return { body: { schema: 'trueup.reports/1', items: shown, next } };
  },
);

/** From the day of the first batch to this one, in UTC; the newest first. */
function daysOf({ reader, clock }: ServingParts, accounts: readonly Account[]): Instant[] {
  const firsts = accounts.flatMap(
    ({ account }) => pagesOf(reader).batchOf(account, 1)?.recordedAt ?? [],
  );
  if (firsts.length === 0) return [];
  const first = dayBegin(firsts.reduce((a, b) => (a < b ? a : b)));
  const days: Instant[] = [];
  for (let day = dayBegin(clock.now()); day >= first && days.length < daysMax; day -= dayNanos) {
    days.push(day);
  }
  return days;
}

type Histories = { readonly lives: readonly Life[]; readonly days: Chronicle['days'] }[];

/** As the report says it: an open break, else what the last check of the day said. */
const verdictOfDay = (histories: Histories, begin: Instant): Verdict =>
  worstVerdict(
    histories.map(({ lives, days }) =>
      openAt(lives, begin + dayNanos) > 0
        ? 'break'
        : (days.get(dayText(begin))?.verdict ?? 'cannot-say'),
    ),
  );

const report = route(
  {
    ...{ ...words, path: '/api/v1/reports/:day', holdsMs: 5_000 },
    types: ['text/markdown', 'text/html'],
    summary: 'The reconciliation report of a day: Markdown, a page, or JSON',
    params: z.object({ day: z.string().regex(/^\d{4}-\d\d-\d\d$/) }),
    query: z.object({
      form: z.enum(reportForms).default('json'),
      account: z.string().max(200).optional(),
      zone: z.string().max(60).default('UTC'),
    }),
    answer: reportAnswer,
  },
  async (parts, { params: { day }, query }) => {
    const { zone } = query;
    if (dayOf(day, zone) === null || day > dayMax) {
      const hint = 'write them like 2026-11-19, Europe/Berlin or +04:00';
      throw new Problem('invalid', `there is no day ${day} in the zone ${zone}`, { hint });
    }
    const accounts = query.account === undefined ? null : [accountNamed(parts, query.account)];
    const document = await aside(parts, 'reported', { day, zone, accounts });
    if (query.form === 'json') return { body: document };
    return { body: reportText(document!, query.form), type: types[query.form] };
  },
);

export const reportRoutes = [reports, report];
