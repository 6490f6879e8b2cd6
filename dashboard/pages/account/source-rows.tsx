/** Rows of a bot's database, open ones first: what each stores beside what is held. */
import type { Rows, StoredRow } from '../../api/rows.ts';
import { Ago, Since } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Empty } from '../../parts/empty.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { sharedBy } from '../../words/alike.ts';
import { placesOf } from '../../words/amounts.ts';
import { SideState } from './side-columns.tsx';

/** More are drawn as far as they are seen, each as high as the others. */
const drawnMax = 100;

interface SourceRowsProps {
  readonly rows: Rows;
  readonly items: readonly StoredRow[];
  readonly more: (() => void) | null;
}

export const keyOf = ({ id, symbol, status }: StoredRow): string =>
  `${status} ${id ?? ''} ${symbol}`;

export function SourceRows({ rows: { source, counts }, items, more }: SourceRowsProps) {
  if (counts === null) return null;
  if (items.length === 0) {
    return <Empty title="No row is open">The bot stores no position of this account.</Empty>;
  }
  const shared = sharedBy(items.map(({ why }) => why));
  const told = source!.kind === 'positions' ? comparedColumns(items) : ownColumns(items);
  const columns = [...told, noteColumn(shared !== null)];
  const closed = items.filter(({ status }) => status === 'closed').length;
  const table = { caption: "Rows of the bot's database", columns, rows: items, keyOf, toneOf };
  return (
    <>
      {shared !== null && (
        <p class="quiet">
          Of all {items.length} rows: {shared}.
        </p>
      )}
      {items.length <= drawnMax && more === null ? (
        <Table {...table} />
      ) : (
        <WindowedTable {...table} more={more} />
      )}
      {counts.closed > closed && more === null && (
        <p class="quiet">
          {counts.closed - closed} more closed rows: <code>trueup audit source</code> reads them
          all.
        </p>
      )}
    </>
  );
}

/** What nobody contradicts is told as it is; what is not known is marked. */
const toneOf = ({ quantity, why }: StoredRow): string =>
  quantity.theirsParty === null && why === null ? '' : `row-${quantity.state}`;

/** Where nobody but the bot says what it has. */
function ownColumns(rows: readonly StoredRow[]): readonly Column<StoredRow>[] {
  const sizes = placesOf(rows.map(({ quantity }) => quantity.ours));
  return [
    symbolColumn,
    {
      ...{ head: 'Quantity', kind: 'number' },
      cell: ({ quantity }) => <Amount value={quantity.ours} places={sizes} />,
    },
    ...priceColumns(rows),
    {
      ...{ head: 'Value', kind: 'number' },
      cell: ({ value }) => <Amount value={value} places={placesOf(rows.map((row) => row.value))} />,
    },
    unrealisedColumn(rows),
  ];
}

function comparedColumns(rows: readonly StoredRow[]): readonly Column<StoredRow>[] {
  const sides = rows.map(({ quantity }) => quantity);
  const places = placesOf(sides.flatMap(({ ours, theirs }) => [ours, theirs]));
  const off = placesOf(sides.map(({ difference }) => difference));
  const theirs = sides.find(({ theirsParty }) => theirsParty !== null)?.theirsParty ?? 'venue';
  return [
    symbolColumn,
    {
      ...{ head: 'stored', kind: 'number' },
      cell: ({ status, quantity }) =>
        status === 'missing' ? (
          <span class="quiet">no row</span>
        ) : (
          <Amount value={quantity.ours} places={places} />
        ),
    },
    {
      ...{ head: theirs, kind: 'number' },
      cell: ({ status, quantity }) =>
        status === 'closed' && quantity.theirsParty === null ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={quantity.theirs} places={places} />
        ),
    },
    {
      ...{ head: 'Difference', kind: 'number' },
      cell: ({ status, quantity }) =>
        status === 'closed' && quantity.theirsParty === null ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={quantity.difference} places={off} signed />
        ),
    },
    { head: 'Compared', cell: (row) => <Compared row={row} /> },
    ...priceColumns(rows),
    unrealisedColumn(rows),
  ];
}

const symbolColumn: Column<StoredRow> = {
  ...{ head: 'Symbol', kind: 'title' },
  cell: ({ id, symbol, side }) => (
    <>
      <b>{symbol}</b>{' '}
      <span class="quiet">
        {side ?? ''}
        {id !== null && ` row ${id}`}
      </span>
    </>
  ),
};

function Compared({ row: { status, quantity, closedAt } }: { readonly row: StoredRow }) {
  if (status === 'closed' && quantity.theirsParty === null) {
    return (
      <span class="quiet">
        closed <Ago time={closedAt} never="nobody knows when" />
      </span>
    );
  }
  return <SideState side={quantity} />;
}

function priceColumns(rows: readonly StoredRow[]): readonly Column<StoredRow>[] {
  const entries = placesOf(rows.map(({ entryPrice }) => entryPrice));
  const prices = placesOf(rows.map(({ price, exitPrice }) => price ?? exitPrice));
  return [
    {
      ...{ head: 'Entry', kind: 'number' },
      cell: ({ entryPrice }) => <Amount value={entryPrice} places={entries} />,
    },
    {
      ...{ head: 'Price', kind: 'number' },
      cell: ({ status, price, priceFrom, priceAt, exitPrice, id }) => (
        <span class="pair">
          <Amount value={status === 'closed' && id !== null ? exitPrice : price} places={prices} />
          {priceAt !== null && (
            <span class="quiet">
              {priceFrom} <Ago time={priceAt} />
            </span>
          )}
        </span>
      ),
    },
  ];
}

/** Of a closed row what was made of it. */
function unrealisedColumn(rows: readonly StoredRow[]): Column<StoredRow> {
  const madeOf = ({ status, id, realisedPnl, unrealisedPnl }: StoredRow) =>
    status === 'closed' && id !== null ? realisedPnl : unrealisedPnl;
  const places = placesOf(rows.map(madeOf));
  return {
    ...{ head: 'PnL', kind: 'number' },
    cell: (row) => <Amount value={madeOf(row)} places={places} signed toned />,
  };
}

/** What is the same for all rows is said above them. */
const noteColumn = (isSaid: boolean): Column<StoredRow> => ({
  ...{ head: 'Why', kind: 'wide' },
  cell: ({ why, exitReason, openedAt, status, break: one }) => (
    <>
      {one !== null && (
        <>
          <a href={`/breaks/${one.id}`}>{one.title}</a>{' '}
        </>
      )}
      <span class="quiet">
        {(isSaid ? null : why) ??
          exitReason ??
          (status === 'open' && openedAt !== null ? openFor(openedAt) : '')}
      </span>
    </>
  ),
});

const openFor = (openedAt: string) => (
  <>
    open for <Since time={openedAt} />
  </>
);
