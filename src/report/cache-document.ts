/**
 * The JSON of `venue cache`: what a client library remembers of a venue beside what the venue says.
 * What differs while the venue says the same twice is wrong in the memory; what the venue itself
 * changed meanwhile proves nothing.
 */
import { type Instant, instantText } from '../model/instant.ts';

export interface CacheInput {
  readonly venue: string;
  readonly account: string;
  readonly mode: 'live' | 'paper';
  readonly asOf: Instant;
  readonly listenedMs: number;
  readonly sections: readonly {
    readonly section: string;
    readonly why: string | null;
    readonly lines: readonly CacheLine[];
  }[];
}

interface CacheLine {
  readonly what: string;
  readonly cached: string | null;
  readonly first: string | null;
  readonly fresh: string | null;
}

/** `unseen`: the venue says the same twice, and the memory has nothing to compare. */
export type CacheState = 'same' | 'differs' | 'moved' | 'unseen';
export type CacheVerdict = 'same' | 'differs' | 'cannot-say';
export type CacheDocument = ReturnType<typeof cacheDocument>;

export function cacheDocument(input: CacheInput) {
  const { venue, account, mode, asOf, listenedMs, sections } = input;
  const told = sections.map(({ section, why, lines }) => ({
    section,
    compared: why === null,
    why,
    lines: lines.map((line) => ({ ...line, state: stateOf(line, why === null) })),
  }));
  const states = told.flatMap(({ lines }) => lines.map(({ state }) => state));
  const isOpen = told.some(({ compared }) => !compared) || states.includes('moved');
  const verdict: CacheVerdict = states.includes('differs')
    ? 'differs'
    : isOpen
      ? 'cannot-say'
      : 'same';
  return {
    schema: 'trueup.venue-cache/1',
    ...{ venue, account, mode, asOf: instantText(asOf), verdict },
    exitCode: exitCodes[verdict],
    listenedMs,
    sections: told,
  };
}

const exitCodes = { same: 0, differs: 3, 'cannot-say': 5 } as const;

function stateOf({ cached, first, fresh }: CacheLine, isCompared: boolean): CacheState {
  if (!isCompared) return first === fresh ? 'unseen' : 'moved';
  if (cached === fresh) return 'same';
  return first === fresh ? 'differs' : 'moved';
}
