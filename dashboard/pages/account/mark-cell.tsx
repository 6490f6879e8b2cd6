/** The price that something is valued at; an old one says so. */
import type { Mark } from '../../api/account.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';

export function MarkCell({ mark }: { readonly mark: Mark | null }) {
  if (mark === null) return <span class="quiet">—</span>;
  return (
    <span class={mark.stale ? 'is-stale' : ''}>
      <Amount value={mark.price} />
      {mark.stale && (
        <span class="stale-word">
          {' '}
          stale, <Ago time={mark.time} />
        </span>
      )}
    </span>
  );
}
