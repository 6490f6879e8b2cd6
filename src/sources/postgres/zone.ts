/**
 * The zone of times without an offset: the server writes its own `now()` in the zone that it is
 * set to, so that zone is the likely one, unless the newest time would then lie in the future.
 */
import { isZone } from '../../model/zone.ts';
import type { Query } from '../database.ts';

/** How far the clock of a bot may run before that of its server. */
const aheadSeconds = 120;

const settingSql = `
  SELECT current_setting('TimeZone') AS setting, to_char(now(), 'TZH:TZM') AS ahead,
    extract(epoch FROM now() - CAST(? AS timestamptz))::bigint AS age`;

export async function zoneOf(
  query: Query,
  newestNaive: string | null,
): Promise<{ name: string; because: string } | null> {
  const newest = Number.isNaN(Date.parse(newestNaive ?? '')) ? null : newestNaive;
  // The server reads the time in its zone by itself: its words for a zone mean other things,
  // or the opposite, elsewhere.
  await query.rows('SET LOCAL TimeZone TO DEFAULT');
  const [zone] = await query.rows(settingSql, [newest]);
  const name = nameOf(zone!['setting']!, zone!['ahead']!);
  if (name === null || Number(zone!['age'] ?? 0) < -aheadSeconds) return null;
  const because = `the server's TimeZone is ${zone!['setting']}`;
  return newest === null
    ? { name, because }
    : { name, because: `${because}, where the newest time, ${newest}, is past` };
}

/** As everybody else calls it; null: what the server calls it says nothing outside of it. */
function nameOf(setting: string, ahead: string): string | null {
  if (!/^[a-z]/i.test(setting)) return ahead;
  // There are names that only this server's files know.
  return isZone(setting) ? setting : null;
}
