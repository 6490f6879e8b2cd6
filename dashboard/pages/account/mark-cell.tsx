/** The price that something is valued at; an old one says so. */
import type { Mark } from '../../api/account.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { markTold } from './account-figures.ts';

interface MarkCellProps {
  readonly mark: Mark | null;
  /** Of what it is the price. */
  readonly name: string;
}

export function MarkCell({ mark, name }: MarkCellProps) {
  if (mark === null) return <span class="quiet">—</span>;
  return (
    <span class={mark.stale ? 'is-stale' : ''}>
      <Amount value={mark.price} told={() => markTold(name, mark)} />
      {mark.stale && (
        <span class="stale-word">
          {' '}
          stale, <Ago time={mark.time} />
        </span>
      )}
    </span>
  );
}
