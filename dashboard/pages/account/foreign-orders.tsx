/** Orders that are open at the venue, and that no id of the book knows: somebody else’s. */
import type { SidePair, Sides } from '../../api/sides.ts';
import { Ago } from '../../parts/ago.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useReading } from '../../state/reading.ts';
import { sidesApi } from './side-by-side.tsx';

/** Nothing where there is none: what the venue lists is in the book, or nobody asked it. */
export function ForeignOrders({ account }: { readonly account: string }) {
  const { data } = useReading<Sides>(sidesApi(account));
  const foreign = data?.items.filter(isForeign) ?? [];
  if (data === null || foreign.length === 0) return null;
  return (
    <Section
      title="Not ours"
      aside={
        <span class="quiet">
          as the {data.party} listed them <Ago time={data.statementAt} />
        </span>
      }
    >
      <Table
        caption="Orders that are open there and not in the book"
        columns={columns}
        rows={foreign}
        keyOf={({ instrument, key }) => `${instrument} ${key}`}
      />
    </Section>
  );
}

const isForeign = ({ section, ours }: SidePair): boolean => section === 'orders' && ours === null;

const columns: readonly Column<SidePair>[] = [
  {
    ...{ head: 'Instrument', kind: 'title' },
    cell: ({ instrument }) => (
      <>
        <b>{instrument}</b> <b class="not-ours">not ours</b>
      </>
    ),
  },
  { head: 'Order', cell: ({ theirs }) => theirs?.words },
  { head: 'Since', cell: ({ theirs }) => <Instant time={theirs?.time ?? null} /> },
  {
    head: 'Break',
    cell: ({ breakId }) =>
      breakId === null ? (
        <span class="quiet">none</span>
      ) : (
        <a href={`/breaks/${breakId}`}>{breakId}</a>
      ),
  },
  {
    ...{ head: 'Ids', kind: 'wide' },
    cell: ({ key }) => <CopyButton label={key} text={key} />,
  },
];
