/** j, k and Enter: moving along a list without the mouse. */
import { useEffect, useState } from 'preact/hooks';
import { useCommands } from '../state/commands.ts';

/** The row that is chosen; null: none is. */
export const useRowKeys = <T>(rows: readonly T[], open: (row: T) => void): number | null =>
  useRowChoice(rows, open)[0];

/** The same, with a way to choose none. */
export function useRowChoice<T>(
  rows: readonly T[],
  open: (row: T) => void,
): readonly [index: number | null, none: () => void] {
  const [chosen, setChosen] = useState<number | null>(null);
  const last = rows.length - 1;
  const index = chosen === null || last < 0 ? null : Math.min(chosen, last);
  useCommands([
    {
      ...{ keys: 'j', words: 'next row', quiet: true },
      run: () => setChosen(index === null ? 0 : Math.min(index + 1, last)),
    },
    {
      ...{ keys: 'k', words: 'row before', quiet: true },
      run: () => setChosen(index === null ? 0 : Math.max(index - 1, 0)),
    },
    {
      ...{ keys: 'Enter', words: 'open the row', quiet: true },
      run: () => {
        const row = index === null ? undefined : rows[index];
        if (row !== undefined) open(row);
      },
    },
  ]);
  useEffect(() => {
    document.querySelector('[data-selected=yes]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  return [index, () => setChosen(null)];
}
