/** Whether what happens is heard as it happens; if not, what was heard last. */
import { here } from '../state/clock.ts';
import { brokenSince, lastEvent, line } from '../state/live.ts';
import { zone } from '../state/settings.ts';
import { clockText, spanText } from '../words/times.ts';

export function LineChip() {
  const last = lastEvent.value;
  if (line.value === 'live') {
    const told = last === null ? 'nothing booked since the page was opened' : last.words;
    return (
      <span class="line line-live" title={`Live: ${told}`}>
        <i aria-hidden="true" />
        live
      </span>
    );
  }
  if (line.value === 'connecting') return <span class="line">connecting</span>;
  const since = brokenSince.value;
  const lasts = since === null ? '' : ` for ${spanText((here.value - since) / 1000)}`;
  return (
    <span class="line line-broken" role="status">
      <i aria-hidden="true" />
      reconnecting{lasts},{' '}
      {last === null ? 'no event heard yet' : `last event #${numberIn(last.id)} ${timeOf(last.at)}`}
    </span>
  );
}

const timeOf = (at: number): string =>
  clockText(new Date(at).toISOString(), zone.value, here.value);

/** Ids are `{epoch}-{number}`: the number is what people compare. */
const numberIn = (id: string | null): string => id?.split('-').at(-1) ?? '?';
