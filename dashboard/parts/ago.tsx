/** When: how long ago for the eye, the instant itself on hover. */
import { now } from '../state/clock.ts';
import { moment, relativeToMoment } from '../state/moment.ts';
import { zone } from '../state/settings.ts';
import { absoluteText, spanText } from '../words/times.ts';

export function Ago({
  time,
  never = 'never',
}: {
  readonly time: string | null;
  readonly never?: string;
}) {
  if (time === null) return <span class="quiet">{never}</span>;
  return (
    <time dateTime={time} title={absoluteText(time, zone.value)}>
      {relativeToMoment(time)}
    </time>
  );
}

/** When something comes; what should have come by now is due. */
export function Coming({ time }: { readonly time: string | null }) {
  if (time !== null && Date.parse(time) <= now.value) return <span>due</span>;
  return <Ago time={time} never="not planned" />;
}

/** How long something has lasted that began then. */
export function Since({ time }: { readonly time: string }) {
  return (
    <time dateTime={time} title={absoluteText(time, zone.value)}>
      {spanText((moment.value - Date.parse(time)) / 1000)}
    </time>
  );
}
