/** What does not fit into the bottom bar. */
import { Over } from '../parts/over.tsx';
import { close, open } from '../state/overlays.ts';
import { places } from './places.ts';

export function MorePlaces() {
  return (
    <Over title="More" onClose={close}>
      <nav class="more" aria-label="More pages">
        {places.slice(3).map(({ to, words }) => (
          <a key={to} href={to} onClick={close}>
            {words}
          </a>
        ))}
        <button type="button" onClick={() => open({ name: 'as-of' })}>
          Look at the past
        </button>
        <button type="button" onClick={() => open({ name: 'settings' })}>
          Appearance
        </button>
      </nav>
    </Over>
  );
}
