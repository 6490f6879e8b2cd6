/** Pages: newest first, with a cursor to what is older. */
import type { RequestFaults } from '../faults/request-faults.ts';
import type { Category } from './names.ts';
import type { RequestParameters } from './parameters.ts';
import { badParameter } from './refusal.ts';

interface Sequenced {
  readonly sequence: number;
}

export interface Paging {
  readonly parameters: RequestParameters;
  readonly faults: RequestFaults;
  /** Rows on a page: usually, and at most. */
  readonly usual: number;
  readonly most: number;
  readonly category: Category | null;
}

/** What the cursor says: only what is older than that. */
export function beforeOf(parameters: RequestParameters): number {
  const cursor = parameters.text('cursor');
  const before = cursor === null ? Infinity : Number(/^p\.(\d{1,15})$/.exec(cursor)?.[1] ?? NaN);
  if (Number.isNaN(before)) throw badParameter(`cursor ${cursor} is none of this list`);
  return before;
}

/** The first page of rows that come newest first, and are older than the cursor already. */
export function pageOf<Row extends Sequenced>(
  rows: Iterable<Row>,
  { parameters, faults, usual, most, category }: Paging,
  write: (row: Row) => unknown,
) {
  const limit = parameters.limit(usual, most);
  const list: Row[] = [];
  let isLast = true;
  for (const row of faults.find('empty-list') === null ? rows : []) {
    isLast = list.length < limit;
    if (!isLast) break;
    list.push(row);
  }
  const left = faults.rowsMax;
  return {
    ...(category === null ? {} : { category }),
    list: (left === null ? list : list.slice(0, left)).map(write),
    nextPageCursor: isLast || left !== null ? '' : `p.${list.at(-1)!.sequence}`,
  };
}

/** A page of what is all at hand. */
export function pageOfAll<Row extends Sequenced>(
  rows: readonly Row[],
  paging: Paging,
  write: (row: Row) => unknown,
) {
  const before = beforeOf(paging.parameters);
  const older = rows.filter(({ sequence }) => sequence < before);
  older.sort((a, b) => b.sequence - a.sequence);
  return pageOf(older, paging, write);
}
