/** The zone of times without an offset: declared, told by the database itself, or assumed. */
import type { Instant } from '../model/instant.ts';
import type { SourceZone } from '../model/source.ts';
import { isZone } from '../model/zone.ts';
import type { Cell, Database } from './database.ts';
import { SourceError } from './source-error.ts';
import { isNaive } from './time-text.ts';

/** What a look says of the zone. */
export interface ZoneSigns {
  /** The newest time without an offset that the bot wrote; null: there is none. */
  readonly newestNaive: string | null;
  /** When we wrote anything last; null: never. */
  readonly touchedAt: Instant | null;
}

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

  async see(signs: ZoneSigns): Promise<void> {
    if (this.#declared !== null) return;
    const found = await detectedZone(this.#database, signs);
    if (found === null) return;
    const { name, known, because } = this.#kept ?? found;
    const other = found.name === name ? {} : { detectedNow: found.name };
    this.#kept = { name, known, because, ...other };
  }

  of(signs: ZoneSigns): SourceZone {
    return this.#declared ?? this.#kept ?? assumedZone(signs);
  }
}

/** Null where nothing tells it. */
async function detectedZone(database: Database, signs: ZoneSigns): Promise<SourceZone | null> {
  const { newestNaive, touchedAt } = signs;
  const hint = newestNaive === null ? null : await database.zoneHint(newestNaive, touchedAt);
  return hint && { ...hint, known: 'detected' };
}

function assumedZone({ newestNaive }: ZoneSigns): SourceZone {
  const because =
    newestNaive === null
      ? 'none of its newest times needs one'
      : 'nothing tells it; name it with --source-timezone';
  return { name: 'UTC', known: 'assumed', because };
}

/** What we wrote ourselves, which is in `ours`, says nothing about the zone of the bot. */
export function newestNaiveOf(
  times: readonly (Cell | undefined)[],
  ours: ReadonlySet<Cell>,
): string | null {
  const naive = times.filter(
    (cell) => typeof cell === 'string' && isNaive(cell) && !ours.has(cell),
  );
  const sortable = (cell: string) => cell.replace('T', ' ');
  return (naive as string[]).reduce<string | null>(
    (newest, cell) => (newest === null || sortable(cell) > sortable(newest) ? cell : newest),
    null,
  );
}
