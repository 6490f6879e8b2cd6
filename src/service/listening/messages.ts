/** What a kept message says, computed from its text alone. */
import type { Fact } from '../../model/fact.ts';
import { parseFact } from '../../model/parse-fact.ts';
import type { RawEvent } from '../../store/raw-events.ts';
import type { Interpreted, Venue } from '../../venues/venue.ts';
import type { Kept, MessageRead } from '../book.ts';
import { listedStream } from './listing.ts';

export interface ReadMessages {
  readonly facts: readonly Fact[];
  readonly read: readonly MessageRead[];
}

export function readMessages(
  venue: Venue,
  events: readonly Pick<RawEvent, 'sequence' | 'stream' | 'text'>[],
): ReadMessages {
  const facts: Fact[] = [];
  const read: MessageRead[] = [];
  for (const { sequence, stream, text } of events) {
    const told = stream.startsWith(listedStream)
      ? listedFact(text)
      : interpreted(venue, stream, text);
    const from = facts.length;
    for (const fact of told.facts) facts.push(fact);
    const why = told.faults.length === 0 ? null : told.faults.join('; ');
    read.push({ sequence, why, from, to: facts.length });
  }
  return { facts, read };
}

/** A message that cannot be interpreted stays; it must not keep others from the book. */
function interpreted(venue: Venue, stream: string, text: string): Interpreted {
  try {
    return venue.interpret(stream, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { facts: [], faults: [`it cannot be read: ${why}`] };
  }
}

function listedFact(text: string): Interpreted {
  const { fact, refusals } = parseFact(JSON.parse(text), {}, { strict: false });
  return fact === null
    ? { facts: [], faults: refusals.map(({ message }) => message) }
    : { facts: [fact], faults: [] };
}

/** Why the book refused one of those facts; null: it refused none. */
export function refusedWhy({ outcomes }: Kept, from: number, to: number): string | null {
  for (const outcome of outcomes.slice(from, to)) {
    if (outcome.status === 'refused') return outcome.refusal.message;
  }
  return null;
}
