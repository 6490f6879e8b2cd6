/** Ours beside theirs, the difference between them, and what that means. */
import type { Account, Side } from '../../api/account.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Shape } from '../../parts/shape.tsx';
import type { Column } from '../../parts/table.tsx';
import type { WhyAsked } from '../../state/figure.ts';
import { placesOf } from '../../words/amounts.ts';
import { sideShape, sideWord } from '../../words/break-words.ts';
import { differenceTold, theirsTold } from './account-figures.ts';

interface Sided<T> {
  readonly sideOf: (row: T) => Side;
  readonly nameOf: (row: T) => string;
  readonly whyOf: (row: T) => WhyAsked;
}

export function sideColumns<T>(
  of: Pick<Account, 'account' | 'currency'>,
  rows: readonly T[],
  { sideOf, nameOf, whyOf }: Sided<T>,
): readonly Column<T>[] {
  const sides = rows.map(sideOf);
  const places = placesOf(sides.flatMap(({ ours, theirs }) => [ours, theirs]));
  const off = placesOf(sides.map(({ difference }) => difference));
  const theirs = sides.find(({ theirsParty }) => theirsParty !== null)?.theirsParty ?? 'venue';
  return [
    {
      ...{ head: 'book', kind: 'number' },
      cell: (row) => <Amount value={sideOf(row).ours} places={places} why={whyOf(row)} />,
    },
    {
      ...{ head: theirs, kind: 'number' },
      cell: (row) => (
        <Amount
          value={sideOf(row).theirs}
          places={places}
          told={() => theirsTold(of, nameOf(row), sideOf(row))}
        />
      ),
    },
    {
      ...{ head: 'Difference', kind: 'number' },
      cell: (row) => (
        <Amount
          value={sideOf(row).difference}
          places={off}
          signed
          told={() => differenceTold(of, nameOf(row), sideOf(row), whyOf(row))}
        />
      ),
    },
    {
      head: 'Compared',
      cell: (row) => <SideState side={sideOf(row)} />,
    },
  ];
}

/** What comparing it said, and when. */
export function SideState({ side: { state, theirsAt } }: { readonly side: Side }) {
  return (
    <span class={`side side-${state}`}>
      <Shape name={sideShape[state]} size={11} /> {sideWord[state]}{' '}
      {theirsAt !== null && (
        <span class="quiet">
          <Ago time={theirsAt} />
        </span>
      )}
    </span>
  );
}
