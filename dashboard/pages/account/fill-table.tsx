/** Fills, newest first, as many as there are. */

import { useMemo } from 'preact/hooks';
import type { Fill, Fills } from '../../api/account.ts';
import { Amount } from '../../parts/amount.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import type { Column } from '../../parts/table.tsx';
import { Whole } from '../../parts/whole.tsx';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { asOf } from '../../state/location.ts';
import { open as openOver } from '../../state/overlays.ts';
import { usePages, useReadOn } from '../../state/pages.ts';
import { accountApi } from '../../words/addresses.ts';
import { placesOf } from '../../words/amounts.ts';

const bySequence = {
  itemsOf: ({ items }: Fills) => items,
  keyOf: ({ sequence }: Fill) => String(sequence),
};

export function FillTable({ account }: { readonly account: string }) {
  const url = `${accountApi(account)}/fills?limit=500`;
  const pages = usePages<Fills, Fill>(url, bySequence);
  const { first, items, isWhole } = pages;
  const on = useReadOn(items.length, pages);
  const columns = useMemo(() => columnsOf(items), [items]);
  const open = ({ sequence }: Fill) => openOver({ name: 'entry', account, sequence });
  const chosen = useRowKeys(items, open);
  return (
    <Whole reading={first} heads={['Time', 'Instrument', 'Side', 'Quantity', 'Price', 'Fee']}>
      {() => (
        <>
          {items.length === 0 ? (
            <NoFill isWhole={isWhole} isReading={pages.failed === null && !on.isStopped} />
          ) : (
            <WindowedTable
              caption="Fills"
              columns={columns}
              rows={items}
              keyOf={bySequence.keyOf}
              selected={chosen}
              onOpen={open}
              more={on.more}
            />
          )}
          <ReadingOn pages={pages} on={on} words="fills" />
        </>
      )}
    </Whole>
  );
}

interface NoFillProps {
  readonly isWhole: boolean;
  readonly isReading: boolean;
}

function NoFill({ isWhole, isReading }: NoFillProps) {
  if (!isWhole) {
    return (
      <Empty title="No fill found yet">
        {isReading ? 'Reading on…' : 'There are older entries that were not looked through.'}
      </Empty>
    );
  }
  if (asOf.value !== null) return <Empty title="No fill by then">There are only later ones.</Empty>;
  return <Empty title="No fill yet">What a bot or the venue tells of is booked here.</Empty>;
}

function columnsOf(fills: readonly Fill[]): readonly Column<Fill>[] {
  const sizes = placesOf(fills.map(({ quantity }) => quantity));
  const prices = placesOf(fills.map(({ price }) => price));
  const fees = placesOf(fills.map(({ fee }) => fee));
  return [
    { head: 'Time', cell: ({ time }) => <Instant time={time} /> },
    {
      ...{ head: 'Instrument', kind: 'title' },
      cell: ({ instrument, leg }) => (
        <>
          <b>{instrument}</b> {leg !== 'net' && <span class="quiet">{leg}</span>}
        </>
      ),
    },
    { head: 'Side', cell: ({ side }) => <span class={`side-${side}`}>{side}</span> },
    {
      ...{ head: 'Quantity', kind: 'number' },
      cell: ({ quantity }) => <Amount value={quantity} places={sizes} />,
    },
    {
      ...{ head: 'Price', kind: 'number' },
      cell: ({ price }) => <Amount value={price} places={prices} />,
    },
    {
      ...{ head: 'Fee', kind: 'number' },
      cell: ({ fee, feeCurrency }) => (
        <>
          <Amount value={fee} places={fees} /> <span class="unit">{feeCurrency}</span>
        </>
      ),
    },
    {
      ...{ head: 'How', kind: 'wide' },
      cell: ({ cause, liquidity, provisional }) =>
        [cause, liquidity, provisional ? 'provisional' : null]
          .filter((each) => each !== null)
          .join(', '),
    },
    {
      head: 'Execution',
      cell: ({ executionId }) => <CopyButton label={executionId} text={executionId} />,
    },
    {
      ...{ head: 'Entry', kind: 'number' },
      cell: ({ sequence }) => <span class="quiet figures">#{sequence}</span>,
    },
  ];
}
