/** Ours beside theirs, the difference between them, and what that means. */
import type { Side } from '../../api/account.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Shape } from '../../parts/shape.tsx';
import type { Column } from '../../parts/table.tsx';
import type { WhyAsked } from '../../state/overlays.ts';
import { placesOf } from '../../words/amounts.ts';
import { sideShape, sideWord } from '../../words/break-words.ts';

export function sideColumns<T>(
  rows: readonly T[],
  sideOf: (row: T) => Side,
  why: (row: T) => WhyAsked,
): readonly Column<T>[] {
  const sides = rows.map(sideOf);
  const places = placesOf(sides.flatMap(({ ours, theirs }) => [ours, theirs]));
  const off = placesOf(sides.map(({ difference }) => difference));
  const theirs = sides.find(({ theirsParty }) => theirsParty !== null)?.theirsParty ?? 'venue';
  return [
    {
      ...{ head: 'book', kind: 'number' },
      cell: (row) => <Amount value={sideOf(row).ours} places={places} why={why(row)} />,
    },
    {
      ...{ head: theirs, kind: 'number' },
      cell: (row) => <Amount value={sideOf(row).theirs} places={places} />,
    },
    {
      ...{ head: 'Difference', kind: 'number' },
      cell: (row) => <Amount value={sideOf(row).difference} places={off} signed toned />,
    },
    {
      head: 'Compared',
      cell: (row) => {
        const { state, theirsAt } = sideOf(row);
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
      },
    },
  ];
}
