/** How old the breaks are, youngest first; each part is a filter. */
import type { Breaks } from '../../api/breaks.ts';
import { setQuery } from '../../state/location.ts';
import { shownAmount } from '../../words/amounts.ts';

interface AgeingBarProps {
  readonly ageing: Breaks['ageing'];
  readonly chosen: string | null;
}

export function AgeingBar({ ageing, chosen }: AgeingBarProps) {
  const all = ageing.reduce((sum, { breaks }) => sum + breaks, 0);
  return (
    <fieldset class="ageing" aria-label="Breaks by age; each is a filter">
      {ageing.map(({ bucket, breaks, gross }, index) => (
        <button
          key={bucket}
          type="button"
          class={`ageing-part age-${index}`}
          style={{ flexGrow: all === 0 ? 1 : 1 + (breaks / all) * 4 }}
          aria-pressed={chosen === bucket}
          disabled={breaks === 0}
          title={gross === null ? 'not all of them have a price' : `${shownAmount(gross)} gross`}
          onClick={() => setQuery({ age: chosen === bucket ? null : bucket })}
        >
          <span class="ageing-name">{bucket.replace('-', '–')}</span>
          <b>{breaks}</b>
        </button>
      ))}
    </fieldset>
  );
}
