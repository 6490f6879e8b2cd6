/**
 * What the venue holds and the book never heard of: a coin that no booked fact ever moved, a
 * position in which it never traded. Whoever opened it, it is not the book's to explain: it is
 * listed as foreign and is no break. A fact, an order or a fill of ours that touches it says
 * otherwise. Without the venue's complete list of executions a position may be ours all the same.
 */
import { isZero } from '../decimal/decimal.ts';
import type { ComparedLine } from './judge.ts';
import { instrumentOf, isComplete } from './scope.ts';
import { tellUnknown, type Work } from './sections.ts';
import { heldId, touchedBy } from './touch.ts';

/** Sorts what was put aside: lines of ours go to the lines, the others stay foreign. */
export function sortForeign(work: Work): { readonly ours: number } {
  const { statement, found, options } = work;
  const aside = found.foreign.splice(0);
  if (aside.length === 0) return { ours: 0 };
  const own = ownNames(work);
  // A party that names its own positions elsewhere decides by itself which are foreign.
  const decides = (options.oursParty ?? 'book') === 'book' && options.keepsForeign !== true;
  const listed = statement.executions !== null && isComplete(statement.executions);
  let ours = 0;
  for (const line of aside) {
    const isOwn = decides && isOurs(line, own, work);
    if (isOwn && line.what === 'position') ours += 1;
    // What is young may have been opened a moment ago, by a fill that is still on its way.
    if (!decides || isOwn || line.verdict === 'equal' || line.verdict === 'settling') {
      found.lines.push(line);
      continue;
    }
    const isKnown = line.what === 'balance' || listed;
    found.foreign.push({ ...line, verdict: isKnown ? 'equal' : 'unknown' });
    if (isKnown) continue;
    const why = 'never held here, and no complete list of executions says that it is not ours';
    tellUnknown(work, 'positions', line.key, why);
  }
  return { ours };
}

/** An open break keeps its line, whatever is listed of it today. */
function isOurs(line: ComparedLine, own: ReadonlySet<string>, { book, options }: Work): boolean {
  if (own.has(heldId(line))) return true;
  if (line.what === 'balance' && line.key === book.currency) return true;
  return options.seen.get(heldId(line))?.settled === true;
}

/** What facts that one of the two lacks touch, orders of ours trade, and ours settles in. */
function ownNames({ book, found, statement }: Work): ReadonlySet<string> {
  const names = new Set<string>();
  const addPosition = (key: string): void => {
    for (const leg of ['net', 'long', 'short'] as const) {
      names.add(heldId({ what: 'position', key, leg }));
    }
  };
  for (const gap of found.gaps) {
    for (const name of touchedBy(gap, book, statement.asOf)) names.add(heldId(name));
  }
  for (const { report } of book.orders) addPosition(report.instrument);
  for (const { instrument, quantity } of book.positions) {
    const settle = isZero(quantity) ? null : instrumentOf(book, instrument)?.settle;
    if (settle != null) names.add(heldId({ what: 'balance', key: settle, leg: null }));
  }
  return names;
}
