/** Over every page while another instant than now is looked at. */
import { setQuery } from '../state/location.ts';
import { zone } from '../state/settings.ts';
import { absoluteText } from '../words/times.ts';

export function PastBand({ instant }: { readonly instant: string }) {
  return (
    <div class="past-band" role="status">
      <span>
        You are looking at <b class="figures">{absoluteText(instant, zone.value)}</b>. Nothing is
        written from here.
      </span>
      <button type="button" class="button" onClick={() => setQuery({ as_of: null })}>
        Back to now
      </button>
    </div>
  );
}
