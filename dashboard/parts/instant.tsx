/** An instant as tables have it: the time of day, with its date where that is not today. */
import { moment, relativeToMoment } from '../state/moment.ts';
import { zone } from '../state/settings.ts';
import { absoluteText, clockText } from '../words/times.ts';

export function Instant({ time }: { readonly time: string | null }) {
  if (time === null) return <span class="quiet">—</span>;
  const title = `${absoluteText(time, zone.value)} · ${relativeToMoment(time)}`;
  return (
    <time dateTime={time} title={title} class="figures">
      {clockText(time, zone.value, moment.value)}
    </time>
  );
}
