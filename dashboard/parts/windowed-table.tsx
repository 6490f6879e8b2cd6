/**
 * A long table: only rows that can be seen are there, the rest is room. Rows have one height, which
 * the style sheet sets and this file is told.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Row, TableHead, type TableProps } from './table.tsx';

const wideRowPx = 31;
const narrowRowPx = 118;
/** Rows above and below what is seen, for a scroll that is faster than the drawing. */
const margin = 12;
const narrow = '(max-width: 700px)';

interface WindowedProps<T> extends TableProps<T> {
  /** Asked for when the end comes into sight. */
  readonly more?: (() => void) | null;
}

export function WindowedTable<T>({ more = null, ...props }: WindowedProps<T>) {
  const { caption, columns, rows, keyOf } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const rowPx = matchMedia(narrow).matches ? narrowRowPx : wideRowPx;
  const [from, to] = useWindow(body, rows.length, rowPx);
  useEffect(() => {
    if (more !== null && to >= rows.length) more();
  }, [more, to, rows.length]);
  const room = (count: number) =>
    count <= 0 ? null : (
      <tr class="room">
        <td colSpan={columns.length} style={{ height: `${count * rowPx}px` }} />
      </tr>
    );
  return (
    <div class="table-scroll is-windowed">
      <table class="table">
        <caption class="unseen">{caption}</caption>
        <TableHead columns={columns} />
        <tbody ref={body}>
          {room(from)}
          {rows.slice(from, to).map((row, index) => (
            <Row key={keyOf(row)} row={row} index={from + index} {...props} />
          ))}
          {room(rows.length - to)}
        </tbody>
      </table>
    </div>
  );
}

function useWindow(
  body: { readonly current: HTMLElement | null },
  count: number,
  rowPx: number,
): readonly [number, number] {
  const [top, setTop] = useState(0);
  const isPrinted = useIsPrinted();
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const above = -(body.current?.getBoundingClientRect().top ?? 0);
      // Another row comes into sight only after a few pixels: not each of them draws anew.
      setTop(Math.max(0, Math.floor(above / rowPx / 4) * 4));
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [rowPx]);
  if (isPrinted) return [0, count];
  const seen = Math.ceil(innerHeight / rowPx);
  const from = Math.max(0, Math.min(top, count) - margin);
  return [from, Math.min(count, top + seen + margin + 4)];
}

/** What is printed is seen whole: nobody scrolls on paper. */
function useIsPrinted(): boolean {
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => {
    const begin = () => setPrinted(true);
    const end = () => setPrinted(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinted;
}
