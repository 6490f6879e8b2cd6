/** The reports of days, as a calendar: which ended true, which broken, which unknown. */
import type { ReportDay, Reports } from '../../api/operations.ts';
import { Empty } from '../../parts/empty.tsx';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { Section } from '../../parts/section.tsx';
import { Shape } from '../../parts/shape.tsx';
import { Whole } from '../../parts/whole.tsx';
import { usePages } from '../../state/pages.ts';
import { verdictWord } from '../../words/break-words.ts';

const byDay = {
  itemsOf: ({ items }: Reports) => items,
  keyOf: ({ day, account }: ReportDay) => `${day} ${account ?? ''}`,
};

export function ReportsPage() {
  const pages = usePages<Reports, ReportDay>('/api/v1/reports?limit=500', byDay);
  const { first, items, more } = pages;
  return (
    <>
      <h1 class="page-title">Reports</h1>
      <Whole reading={first} heads={['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']}>
        {() =>
          items.length === 0 ? (
            <Empty title="No day was reported yet">
              The duty writes the report of the day before; trueup report --date D makes one now.
            </Empty>
          ) : (
            <>
              {monthsOf(items).map(([month, days]) => (
                <Month key={month} month={month} days={days} />
              ))}
              {more !== null && (
                <button type="button" class="button" onClick={more}>
                  Older days
                </button>
              )}
              <ReadingOn pages={pages} words="days" />
            </>
          )
        }
      </Whole>
    </>
  );
}

/** Newest month first, its days oldest first. */
const monthsOf = (items: readonly ReportDay[]) =>
  [...Map.groupBy(items, ({ day }) => day.slice(0, 7))]
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .map(([month, days]) => [month, days.toSorted((a, b) => (a.day < b.day ? -1 : 1))] as const);

function Month({ month, days }: { readonly month: string; readonly days: readonly ReportDay[] }) {
  return (
    <Section title={month}>
      <ol class="calendar">
        {days.map((day, index) => (
          <DayCell key={`${day.day} ${day.account}`} day={day} isFirst={index === 0} />
        ))}
      </ol>
    </Section>
  );
}

function DayCell({ day, isFirst }: { readonly day: ReportDay; readonly isFirst: boolean }) {
  const { verdict, account, forms } = day;
  const weekday = (new Date(`${day.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const search = (form: string) =>
    new URLSearchParams({ form, ...(account === null ? {} : { account }) });
  return (
    <li
      class={`calendar-day calendar-${verdict}`}
      style={isFirst ? { gridColumnStart: weekday + 1 } : undefined}
    >
      <b>{day.day.slice(8)}</b>
      <span>
        <Shape name={verdict} size={12} /> {verdictWord[verdict]}
      </span>
      {account !== null && <span class="quiet">{account}</span>}
      <span class="forms">
        {forms.map((form) => (
          <a key={form} href={`/api/v1/reports/${day.day}?${search(form)}`} download>
            {form}
          </a>
        ))}
      </span>
    </li>
  );
}
