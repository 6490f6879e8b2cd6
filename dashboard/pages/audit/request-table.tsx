/** Who asked for what over HTTP, newest first: every write, with what it was answered. */
import type { ActionRow, Actions } from '../../api/operations.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { Shape } from '../../parts/shape.tsx';
import type { Column } from '../../parts/table.tsx';
import { Whole } from '../../parts/whole.tsx';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { asOf } from '../../state/location.ts';
import { usePages } from '../../state/pages.ts';
import type { ShapeName } from '../../words/break-words.ts';

const byNumber = {
  itemsOf: ({ items }: Actions) => items,
  keyOf: ({ n }: ActionRow) => String(n),
};

export function RequestTable() {
  const pages = usePages<Actions, ActionRow>('/api/v1/actions?limit=200', byNumber);
  const { first, items, more, isWhole } = pages;
  return (
    <Whole reading={first} heads={['When', 'Who', 'Asked for', 'Of', 'Answered', 'Request']}>
      {() =>
        items.length === 0 && isWhole ? (
          <Empty
            title={
              asOf.value === null
                ? 'Nobody asked for anything yet'
                : 'Nobody had asked for anything'
            }
          >
            Writes over HTTP are listed here.
          </Empty>
        ) : (
          <>
            <WindowedTable
              caption="Requests that write"
              columns={columns}
              rows={items}
              keyOf={byNumber.keyOf}
              more={more}
            />
            <ReadingOn pages={pages} words="requests" />
          </>
        )
      }
    </Whole>
  );
}

/** Of what was cut off nobody knows whether it was done. */
function shapeOf(status: number): ShapeName {
  if (status === 0) return 'cannot-say';
  return status < 400 ? 'true' : 'break';
}

const columns: readonly Column<ActionRow>[] = [
  { head: 'When', cell: ({ at }) => <Instant time={at} /> },
  { head: 'Who', cell: ({ actor }) => <b>{actor}</b> },
  { ...{ head: 'Asked for', kind: 'title' }, cell: ({ action }) => action },
  { ...{ head: 'Of', kind: 'wide' }, cell: ({ object }) => object },
  {
    head: 'Answered',
    cell: ({ status }) => (
      <>
        <Shape name={shapeOf(status)} size={11} />{' '}
        {status === 0 ? 'never answered' : <span class="figures">{status}</span>}
      </>
    ),
  },
  {
    head: 'Request',
    cell: ({ requestId }) => <CopyButton label={requestId.slice(0, 8)} text={requestId} />,
  },
];
