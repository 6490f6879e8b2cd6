/** The zone of times without an offset: declared, told by the database itself, or assumed. */
import type { SourceZone } from '../../model/source.ts';
import { isZone } from '../../model/zone.ts';
import type { Cell, Database } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { isNaive } from '../time-text.ts';
import type { Look } from './look.ts';

function declaredZone(name: string | null): SourceZone | null {
  if (name === null) return null;
  if (isZone(name)) return { name, known: 'declared', because: 'it was named' };
  throw new SourceError(
    'source-unsupported',
    `${JSON.stringify(name)} is no time zone`,
    'name one like Europe/Berlin, America/New_York, UTC or +04:00',
  );
}

/**
 * The zone of one source. The first that is detected is kept: if it changed with every write of
 * whoever, all times would move with it. What contradicts it later is told beside it.
 */
export class ZoneKeeper {
  readonly #database: Database;
  readonly #declared: SourceZone | null;
  #kept: SourceZone | null = null;

  /** `declared`, and what an earlier look detected; null: none. */
  constructor(database: Database, declared: string | null, remembered: string | null) {
    this.#database = database;
    this.#declared = declaredZone(declared);
    if (remembered !== null && isZone(remembered)) {
      const because = 'it was detected so at an earlier look';
      this.#kept = { name: remembered, known: 'detected', because };
    }
  }

  async see(look: Look): Promise<void> {
    if (this.#declared !== null) return;
    const found = await detectedZone(this.#database, look);
    if (found === null) return;
    const { name, known, because } = this.#kept ?? found;
    const other = found.name === name ? {} : { detectedNow: found.name };
    this.#kept = { name, known, because, ...other };
  }

  of(look: Look): SourceZone {
    return this.#declared ?? this.#kept ?? assumedZone(look);
  }
}

/** Null where nothing tells it. */
async function detectedZone(database: Database, look: Look): Promise<SourceZone | null> {
  const newest = newestNaive(look);
  const hint = newest === null ? null : await database.zoneHint(newest, look.touchedAt);
  return hint && { ...hint, known: 'detected' };
}

function assumedZone(look: Look): SourceZone {
  const because =
    newestNaive(look) === null
      ? 'none of its newest times needs one'
      : 'nothing tells it; name it with --source-timezone';
  return { name: 'UTC', known: 'assumed', because };
}

/** What we wrote ourselves says nothing about the zone of the bot. */
function newestNaive(look: Look): string | null {
  const { accounts, positions, records, orders, lastWrite, totalWrites } = look;
  const writes = lastWrite === null ? totalWrites : [lastWrite, ...totalWrites];
  const changes = writes.flatMap((write) => write.changes);
  const ours = new Set(changes.flatMap(({ after }) => Object.values(after ?? {})));
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
