/** What a look says of the zone of times without an offset. */
import { newestNaiveOf, type ZoneSigns } from '../zone-keeper.ts';
import type { Look } from './look.ts';

export function zoneSigns(look: Look): ZoneSigns {
  const { accounts, positions, records, orders, lastWrite, totalWrites, touchedAt } = look;
  const writes = lastWrite === null ? totalWrites : [lastWrite, ...totalWrites];
  const changes = writes.flatMap((write) => write.changes);
  const ours = new Set(changes.flatMap(({ after }) => Object.values(after ?? {})));
  const times = [
    orders.newest,
    ...accounts.map(({ updated }) => updated),
    ...positions.flatMap(({ updated, entryat }) => [updated, entryat]),
    ...[...records.values()].map(({ newest }) => newest[0]?.['time']),
  ];
  return { newestNaive: newestNaiveOf(times, ours), touchedAt };
}
