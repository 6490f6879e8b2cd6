/**
 * What the venue holds and the book never heard of: a coin that no booked fact ever moved, a
 * position in which it never traded. Whoever opened it, it is not the book's to explain: it is
 * listed as foreign and is no break. A fact, an order or a fill of ours that touches it says
 * otherwise. Unless the list of executions is complete up to the instant of the statement and since
 * the book began, or of a live venue since all was known last, the fill that opened a position may
 * be one that is not listed, and ours.
 */
import { isZero } from '../decimal/decimal.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { BookSide } from './book-side.ts';
import type { ComparedLine } from './judge.ts';
import { instrumentOf, isComplete, isCompleteThrough, scopeOf } from './scope.ts';
import { tellUnknown, type Work } from './sections.ts';
import { heldId, touchedBy } from './touch.ts';

/** Sorts what was put aside: lines of ours go to the lines, the others stay foreign. */
export function sortForeign(work: Work): { readonly ours: number } {
  const { found, options } = work;
  const aside = found.foreign.splice(0);
  if (aside.length === 0) return { ours: 0 };
  const own = ownNames(work);
  // A party that names its own positions elsewhere decides by itself which are foreign.
  const decides = (options.oursParty ?? 'book') === 'book' && options.keepsForeign !== true;
  const unlisted = whyUnlisted(work);
  let ours = 0;
  for (const line of aside) {
    const isOwn = decides && isOurs(line, own, work);
    if (isOwn && line.what === 'position') ours += 1;
    // What is young may have been opened a moment ago, by a fill that is still on its way.
    if (!decides || isOwn || line.verdict === 'equal' || line.verdict === 'settling') {
      found.lines.push(line);
      continue;
    }
    const why = line.what === 'balance' ? null : unlisted(line);
    found.foreign.push({ ...line, verdict: why === null ? 'equal' : 'unknown' });
    if (why !== null) tellUnknown(work, 'positions', line.key, `never held here, and ${why}`);
  }
  return { ours };
}

/** Why the list of executions does not say that a position is not ours; null: it does. */
function whyUnlisted({ book, statement: { executions, asOf }, options: { live } }: Work) {
  const none = 'no complete list of executions says that it is not ours';
  if (executions === null || !isComplete(executions)) return () => none;
  const { scope, from, to } = executions;
  if (!isCompleteThrough(executions, asOf)) {
    const end = to === null ? 'does not say until when it goes' : `ends at ${instantText(to)}`;
    return () => `the list of executions ${end}: what opened it may be younger, and ours`;
  }
  const begin =
    from === null ? 'does not say since when it goes' : `begins at ${instantText(from)}`;
  const whyOlder = `the list of executions ${begin}: what opened it may be older, and ours`;
  const covered = scopeOf(scope, book);
  return (line: ComparedLine): string | null => {
    if (!covered.coversInstrument(line.key)) return none;
    if (live === undefined) return reachesBack(book, from) ? null : whyOlder;
    const since = live.appearedSince(line, line.theirs!);
    const begins = [from, live.strangersListed];
    if (since === null || begins.some((one) => one !== null && one <= since)) return null;
    return whyOlder;
  };
}

/** What was opened before the book began is none of its. */
const reachesBack = ({ beganAt = null }: BookSide, from: Instant | null): boolean =>
  from !== null && beganAt !== null && from <= beganAt;

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
