/** Over every page while another instant than now is looked at. */
import { path, setQuery } from '../state/location.ts';
import { zone } from '../state/settings.ts';
import { absoluteText } from '../words/times.ts';

export function PastBand({ instant }: { readonly instant: string }) {
  return (
    <div class="past-band" role="status">
      <span>
        You are looking at <b class="figures">{absoluteText(instant, zone.value)}</b>. Nothing is
        written from here. {saidOf(path.value)}
      </span>
      <button type="button" class="button" onClick={() => setQuery({ as_of: null })}>
        Back to now
      </button>
    </div>
  );
}

/** Two pages may show two figures of one instant: each says by what it counts. */
function saidOf(at: string): string {
  if (/^\/(accounts|equity)(\/|$)/.test(at)) {
    return 'What was repaired or corrected since is in these figures; a verdict is that of then.';
  }
  return at.startsWith('/breaks') ? 'It is as it was on record then.' : '';
}
