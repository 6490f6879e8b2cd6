/** An instant as tables have it: the time of day, with its date where that is not today. */
import { now } from '../state/clock.ts';
import { zone } from '../state/settings.ts';
import { absoluteText, clockText, relativeText } from '../words/times.ts';

export function Instant({ time }: { readonly time: string | null }) {
  if (time === null) return <span class="quiet">—</span>;
  const title = `${absoluteText(time, zone.value)} · ${relativeText(time, now.value)}`;
  return (
    <time dateTime={time} title={title} class="figures">
      {clockText(time, zone.value, now.value)}
    </time>
  );
}
