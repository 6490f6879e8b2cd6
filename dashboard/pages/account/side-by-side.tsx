/** The book left, the venue right: pairs are joined, and what has no partner is on top. */
import type { SidePair, Sides } from '../../api/sides.ts';
import { Empty } from '../../parts/empty.tsx';
import { Origin, type TheirOrigin } from '../../parts/origin.ts';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { Section } from '../../parts/section.tsx';
import { Table } from '../../parts/table.tsx';
import { Whole } from '../../parts/whole.tsx';
import { open as openOver } from '../../state/overlays.ts';
import { usePages } from '../../state/pages.ts';
import { accountApi } from '../../words/addresses.ts';
import { pairColumns, whyOfPair } from './pair-columns.tsx';
import { SideCounter } from './side-counter.tsx';

export const sidesApi = (account: string): string =>
  `${accountApi(account)}/side-by-side?limit=200`;

const nameOf = ({ what, instrument, key, leg, ours, theirs }: SidePair): string =>
  [what, instrument, key, leg, ours?.sequence, ours?.words, theirs?.words].join(' ');

const byName = { itemsOf: ({ items }: Sides) => items, keyOf: nameOf };

export function SideBySide({ account }: { readonly account: string }) {
  const pages = usePages<Sides, SidePair>(sidesApi(account), byName);
  const { first, items, more } = pages;
  const open = (pair: SidePair) => {
    const why = whyOfPair(account, pair);
    const sequence = pair.ours?.sequence ?? null;
    if (why !== undefined) openOver({ name: 'why', asked: why });
    else if (sequence !== null) openOver({ name: 'entry', account, sequence });
  };
  const chosen = useRowKeys(items, open);
  return (
    <Whole reading={first} heads={['Line', 'book', 'Difference', 'venue', 'Compared']}>
      {(sides) =>
        sides.why === null ? (
          <Origin.Provider value={originOf(sides)}>
            <SideCounter sides={sides} />
            <Section title="Line by line" aside={<span class="quiet">{total(sides)}</span>}>
              <div class="sides">
                <Table
                  caption="The book left, the venue right"
                  columns={pairColumns(sides, items)}
                  rows={items}
                  keyOf={nameOf}
                  selected={chosen}
                  toneOf={({ state }) => `row-${state}`}
                />
              </div>
              {more !== null && (
                <button type="button" class="button" onClick={more}>
                  More lines
                </button>
              )}
              <ReadingOn pages={pages} words="lines" />
            </Section>
          </Origin.Provider>
        ) : (
          <Empty title="Nobody is beside the book">{sides.why}</Empty>
        )
      }
    </Whole>
  );
}

/** What opens to no entry of the book is the other side's, or what lies between the two. */
const originOf = ({ account, party, statementAt }: Sides): TheirOrigin => ({
  title: `${account}, beside the ${party ?? 'venue'}`,
  words:
    `What the ${party ?? 'venue'} said at ${statementAt ?? 'no known time'}, ` +
    'or how far it is from the book: theirs - ours',
});

const total = ({ counts }: Sides): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
