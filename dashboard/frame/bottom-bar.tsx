/** The pages under a thumb. */
import { path } from '../state/location.ts';
import { open } from '../state/overlays.ts';
import { isAt, places } from './places.ts';

export function BottomBar({ breaks }: { readonly breaks: number }) {
  return (
    <nav class="bottom" aria-label="Main pages">
      {places.slice(0, 3).map((place) => (
        <a
          key={place.to}
          href={place.to}
          aria-current={isAt(path.value, place) ? 'page' : undefined}
        >
          {place.words}
          {place.to === '/breaks' && breaks > 0 && <span class="count count-bad">{breaks}</span>}
        </a>
      ))}
      <button type="button" onClick={() => open({ name: 'more' })}>
        More
      </button>
    </nav>
  );
}
