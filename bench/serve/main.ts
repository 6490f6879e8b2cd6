/** The service: what it answers and tells, beside a bare server that sends the same bytes. */
import { latency } from './latency.ts';
import { moving } from './moving.ts';
import { reads } from './reads.ts';
import { resident } from './resident.ts';
import { streams } from './streams.ts';

export async function run(): Promise<void> {
  await reads();
  await moving();
  await streams();
  await latency();
  await resident();
}
