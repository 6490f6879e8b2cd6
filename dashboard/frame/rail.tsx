/** Where one can go, with the keys that go there. */
import { path } from '../state/location.ts';
import { open } from '../state/overlays.ts';
import { isAt, places } from './places.ts';

export function Rail({ breaks }: { readonly breaks: number }) {
  return (
    <nav class="rail" aria-label="Pages">
      {places.map((place) => (
        <a
          key={place.to}
          href={place.to}
          aria-current={isAt(path.value, place) ? 'page' : undefined}
        >
          <span>{place.words}</span>
          {place.to === '/breaks' && breaks > 0 && <span class="count count-bad">{breaks}</span>}
          <kbd>{place.keys}</kbd>
        </a>
      ))}
      <span class="rail-gap" />
      <button type="button" onClick={() => open({ name: 'keys' })}>
        <span>Keys</span>
        <kbd>?</kbd>
      </button>
      <button type="button" onClick={() => open({ name: 'settings' })}>
        <span>Appearance</span>
      </button>
    </nav>
  );
}
