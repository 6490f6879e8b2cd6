/** Lines to be weighed, in the words of scenarios. */
import { negate } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import type { ListedFact } from '../../src/reconcile/book-side.ts';
import type { DifferenceFacts, Weighed } from '../../src/reconcile/hypotheses/weigh.ts';
import { readEvent } from '../books/scenario-facts.ts';
import { Words } from '../books/words.ts';
import { at } from './kit.ts';

/** `fill AGI/USDT:USDT sell 4160 @ 0.05 id e1`, one a line, ten seconds apart. */
export const factsOf = (table: string): readonly ListedFact[] =>
  table
    .split('\n')
    .map((text, index) => new Words(text, index + 1))
    .filter((words) => !words.isEmpty)
    .map((words, index) => {
      const event = readEvent(words.next('fact'), words, index + 1);
      if (event?.kind !== 'fact') throw new Error('no fact');
      return event.fact as ListedFact;
    });

export interface LineParts extends Omit<Partial<DifferenceFacts>, 'ours' | 'theirs'> {
  /** In units of the lot: 0.001 by default. */
  readonly lot?: string;
}

export const instrumentOf = (name: string, lot = '0.001'): Instrument => ({
  ...instrumentFromName('venue', name)!,
  lotSize: decimal(lot),
});

/** A position of the book against the venue, at second 1000. */
export const position = (
  key: string,
  ours: string,
  theirs: string,
  { lot, ...parts }: LineParts = {},
): DifferenceFacts => ({
  ...{ what: 'position', key, instrument: instrumentOf(key, lot), leg: 'net' },
  ...{ oursParty: 'book', ours: decimal(ours), theirsParty: 'venue', theirs: decimal(theirs) },
  ...{ asOf: at(1000), openedAt: null, booked: [], unmatched: [], others: [] },
  ...{ executionsComplete: false, exitAfterMs: null },
  ...parts,
});

export const balance = (
  key: string,
  ours: string,
  theirs: string,
  parts: LineParts = {},
): DifferenceFacts => {
  const { instrument: _, ...line } = position('X/USDT', ours, theirs, parts);
  return { ...line, what: 'balance', key, leg: null, instrument: parts.instrument ?? null };
};

export const other = (
  key: string,
  ours: string,
  theirs: string,
  leg: 'net' | 'long' | 'short',
) => ({
  ...{ key, leg, ours: decimal(ours), theirs: decimal(theirs) },
});

/** `SIGN_WRONG wrong side`, in the order in which they are told. */
export const candidatesIn = ({ candidates }: Weighed): readonly string[] =>
  candidates.map(({ reason, name }) => `${reason} ${name}`);

/** `FEE_CURRENCY_WRONG -0.12`. */
export const ruledOutIn = ({ ruledOut }: Weighed): readonly string[] =>
  ruledOut.map(({ reason, residual }) => `${reason} ${residual === null ? '?' : toText(residual)}`);

export const minus = (text: string): string => toText(negate(decimal(text)));
