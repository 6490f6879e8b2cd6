/** Live or paper: two scopes that are never added, so one is looked at. */

import type { Mode } from '../api/forms.ts';
import type { Home } from '../api/home.ts';
import { go, path, setQuery } from '../state/location.ts';
import { mode } from '../state/settings.ts';

export function ModeSwitch({ home }: { readonly home: Home }) {
  const there: readonly (readonly [Mode, string, boolean])[] = [
    ['live', 'Live', home.live !== null],
    ['paper', 'PAPER', home.paper !== null],
  ];
  return (
    <fieldset class="switch" aria-label="Which books">
      {there.map(([name, words, isThere]) => (
        <button
          key={name}
          type="button"
          class={`switch-${name}`}
          aria-pressed={mode.value === name}
          disabled={!isThere}
          title={isThere ? undefined : `There is no ${name} account`}
          onClick={() => {
            mode.value = name;
            // What is one account's or one break's is of one of the two.
            const [, list, one] = path.value.split('/');
            if (one !== undefined) go(`/${list}`);
            else setQuery({ account: null });
          }}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}
