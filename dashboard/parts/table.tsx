/** Rows under headings; on a narrow screen each row is a card. */
import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { type Swipes, useSwiping } from './swiping.ts';

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => ComponentChildren;
  readonly kind?: 'text' | 'number' | 'wide' | 'title' | 'control';
  /** Read aloud and not seen: a column of buttons, say. */
  readonly hideHead?: boolean;
}

export interface TableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly selected?: number | null;
  readonly toneOf?: (row: T) => string;
  /** Under a finger, where rows are cards. */
  readonly swipes?: Swipes<T>;
}

export function Table<T>(props: TableProps<T>) {
  const { caption, columns, rows, keyOf } = props;
  return (
    <div class="table-scroll">
      <table class="table">
        <caption class="unseen">{caption}</caption>
        <TableHead columns={columns} />
        <tbody>
          {rows.map((row, index) => (
            <Row key={keyOf(row)} row={row} index={index} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function TableHead<T>({ columns }: { readonly columns: readonly Column<T>[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ head, kind = 'text', hideHead = false }) => (
          <th key={head} scope="col" class={`col-${kind}`}>
            {hideHead ? <span class="unseen">{head}</span> : head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps<T> extends TableProps<T> {
  readonly row: T;
  readonly index: number;
}

export function Row<T>({ row, index, columns, onOpen, selected, toneOf, swipes }: RowProps<T>) {
  const touch = useSwiping(row, swipes);
  const isSelected = selected === index;
  const open = (event: TargetedMouseEvent<HTMLTableRowElement>) => {
    const { target } = event;
    if (target instanceof Element && target.closest('a, button, input, label') === null)
      onOpen?.(row);
  };
  const tone = toneOf?.(row) ?? '';
  return (
    <tr
      {...touch}
      class={[
        ...[tone, isSelected && 'is-selected', onOpen && 'is-open-able'],
        swipes && 'is-swiped',
      ]
        .filter(Boolean)
        .join(' ')}
      data-selected={isSelected ? 'yes' : undefined}
      onClick={onOpen === undefined ? undefined : open}
    >
      {columns.map(({ head, cell, kind = 'text', hideHead = false }) => (
        <td key={head} class={`col-${kind}`} data-head={hideHead ? undefined : head}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
}
