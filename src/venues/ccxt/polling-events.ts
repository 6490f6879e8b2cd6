/**
 * Where an exchange pushes nothing, it is asked: each look is a gap told, so that whoever listens
 * fetches what happened since the look before.
 */
import type { Instant } from '../../model/instant.ts';
import type { VenueEvent } from '../venue.ts';
import type { WaitingTime } from './socket-events.ts';

export async function* pollingEvents(
  everyMs: number,
  time: WaitingTime,
  signal: AbortSignal,
): AsyncIterable<VenueEvent> {
  let since: Instant | null = null;
  while (!signal.aborted) {
    const at = time.now();
    yield {
      kind: 'gap',
      stream: 'poll',
      since,
      at,
      why: 'this exchange pushes nothing: it is asked',
    };
    since = at;
    await time.wait(everyMs, signal);
  }
}
