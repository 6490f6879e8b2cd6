/** What a venue holds and the book never touched, as checks list it. */
import { toTextOrNull } from '../decimal/text.ts';
import { counted } from '../model/amount.ts';
import type { Reconciled } from '../reconcile/reconcile.ts';

export interface ForeignLine {
  readonly what: string;
  readonly key: string;
  readonly leg: string | null;
  readonly theirs: string | null;
}

export const foreignLines = ({ comparison }: Reconciled): readonly ForeignLine[] =>
  (comparison?.foreign ?? []).map(({ what, key, leg, theirs }) => ({
    ...{ what, key, leg },
    theirs: toTextOrNull(theirs),
  }));

const namedMax = 5;

/** `main: 2 coins that no booked fact ever moved, foreign: DOGE 40000, SHIB 7`. */
export function foreignHints(reconciled: Reconciled): readonly string[] {
  const lines = foreignLines(reconciled);
  const told = (what: string, noun: string, why: string): readonly string[] => {
    const own = lines.filter((line) => line.what === what);
    if (own.length === 0) return [];
    const named = own.slice(0, namedMax).map(({ key, theirs }) => `${key} ${theirs}`);
    const more = own.length > namedMax ? `, and ${own.length - namedMax} more` : '';
    const count = counted(own.length, noun);
    return [`${reconciled.account}: ${count} ${why}, foreign: ${named.join(', ')}${more}`];
  };
  return [
    ...told('balance', 'coin', 'that no booked fact ever moved'),
    ...told('position', 'position', 'in which the book never traded'),
  ];
}
