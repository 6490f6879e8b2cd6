/** What happened today, in one line. */
import type { Today as OfDay } from '../../api/home.ts';
import { Coming } from '../../parts/ago.tsx';
import { asOf } from '../../state/location.ts';

interface TodayProps {
  readonly today: OfDay;
}

export function Today({ today }: TodayProps) {
  const { entries, repairs } = today;
  return (
    <p class="today">
      <b>{asOf.value === null ? 'Today' : 'That day, until then'}</b>
      <span>
        entries{' '}
        <b>
          <a class="figure-link" href="/audit">
            {entries.toLocaleString('en-US')}
          </a>
        </b>
      </span>
      <span>
        repairs{' '}
        <b>
          <a class="figure-link" href="/audit?kind=break&text=REPAIRED">
            {repairs}
          </a>
        </b>
      </span>
      {asOf.value === null ? (
        <Running today={today} />
      ) : (
        <span class="quiet">which venues answered, and what was due, was not kept</span>
      )}
    </p>
  );
}

function Running({ today: { venuesAnswering, venues, nextCheck } }: TodayProps) {
  const isLacking = venuesAnswering !== null && venues !== null && venuesAnswering < venues;
  return (
    <>
      <span class={isLacking ? 'is-lacking' : ''}>
        venues answering{' '}
        <b>
          <a class="figure-link" href="/venues">
            {venues === 0 ? 'none is named' : `${venuesAnswering ?? '?'} of ${venues ?? '?'}`}
          </a>
        </b>
      </span>
      <span>
        next check{' '}
        <b>
          <a class="figure-link" href="/venues">
            <Coming time={nextCheck} />
          </a>
        </b>
      </span>
    </>
  );
}
