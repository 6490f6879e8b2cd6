/** What happened today, in one line. */
import type { Home } from '../../api/home.ts';
import { Coming } from '../../parts/ago.tsx';

export function Today({ today }: { readonly today: Home['today'] }) {
  const { entries, repairs, venuesAnswering, venues, nextCheck } = today;
  return (
    <p class="today">
      <b>Today</b>
      <span>
        entries <b>{entries.toLocaleString('en-US')}</b>
      </span>
      <span>
        repairs <b>{repairs}</b>
      </span>
      <span class={venuesAnswering < venues ? 'is-lacking' : ''}>
        venues answering{' '}
        <b>
          {venuesAnswering} of {venues}
        </b>
      </span>
      <span>
        next check{' '}
        <b>
          <Coming time={nextCheck} />
        </b>
      </span>
    </p>
  );
}
