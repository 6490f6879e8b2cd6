/** The zone of times without an offset: declared, told by the database itself, or assumed. */
import type { SourceZone } from '../../model/source.ts';
import type { Cell, Database } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { isNaive } from '../time-text.ts';
import { isZone } from '../zoned-time.ts';
import type { Look } from './look.ts';

export function declaredZone(name: string | null): SourceZone | null {
  if (name === null) return null;
  if (isZone(name)) return { name, known: 'declared', because: 'it was named' };
  throw new SourceError(
    'source-unsupported',
    `${JSON.stringify(name)} is no time zone`,
    'name one like Europe/Berlin, America/New_York, UTC or +04:00',
  );
}

/** Null where nothing tells it. */
export async function detectedZone(database: Database, look: Look): Promise<SourceZone | null> {
  const newest = newestNaive(look);
  const hint = newest === null ? null : await database.zoneHint(newest);
  return hint && { ...hint, known: 'detected' };
}

export function assumedZone(look: Look): SourceZone {
  const because =
    newestNaive(look) === null
      ? 'none of its newest times needs one'
      : 'nothing tells it; name it with --source-timezone';
  return { name: 'UTC', known: 'assumed', because };
}

/** What we wrote ourselves says nothing about the zone of the bot. */
function newestNaive({ accounts, positions, records, orders, lastWrite }: Look): string | null {
  const ours = new Set(lastWrite?.changes.flatMap(({ after }) => Object.values(after ?? {})));
  const times: (Cell | undefined)[] = [
    orders.newest,
    ...accounts.map(({ updated }) => updated),
    ...positions.flatMap(({ updated, entryat }) => [updated, entryat]),
    ...[...records.values()].map(({ newest }) => newest[0]?.['time']),
  ];
  const naive = times.filter(
    (cell) => typeof cell === 'string' && isNaive(cell) && !ours.has(cell),
  );
  const sortable = (cell: string) => cell.replace('T', ' ');
  return (naive as string[]).reduce<string | null>(
    (newest, cell) => (newest === null || sortable(cell) > sortable(newest) ? cell : newest),
    null,
  );
}
