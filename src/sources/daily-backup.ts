/** A copy before the first write of a day, by our clock in UTC; a week of them is kept. */
import { type Clock, instantText } from '../model/instant.ts';
import type { Database, TableShape } from './database.ts';

const keptMax = 7;
const day = /^\d{4}-\d\d-\d\d$/;

/** The path of the copy; null where there is one of today. Of a server these tables are copied. */
export async function backUpToday(
  database: Database,
  clock: Clock,
  tables: readonly TableShape[],
): Promise<string | null> {
  const today = instantText(clock.now()).slice(0, 10);
  if ((await database.backups()).includes(today)) return null;
  const path = await database.backup(today, tables);
  const copies = (await database.backups()).filter((name) => day.test(name)).sort();
  for (const name of copies.slice(0, -keptMax)) await database.removeBackup(name);
  return path;
}
