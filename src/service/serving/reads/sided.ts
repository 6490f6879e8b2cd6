/** The comparison of one recorded statement with the book as it is in force now, as pairs. */
import type { Break, Party } from '../../../model/break.ts';
import { type Instant, instantText } from '../../../model/instant.ts';
import { compare } from '../../../reconcile/compare.ts';
import { sightingsOf } from '../../../reconcile/judge.ts';
import { isOfSource } from '../../../reconcile/reconcile.ts';
import { isOpen } from '../../../reconcile/verdict.ts';
import type { Account } from '../../../store/accounts.ts';
import { sidesOf } from '../../book-side.ts';
import type { BookReader } from '../../reading.ts';
import { knownBreaks, notedCheck } from '../../reconcile-entries.ts';
import type { SidePair, SidesAnswer } from '../documents/sides.ts';
import { countsOf, sectionsTold, sidePairs } from '../views/sides-view.ts';

export interface SidedAsked {
  readonly account: Account;
  /** The entry that records the statement. */
  readonly sequence: number;
  readonly party: Party;
  readonly markMaxAgeMs: number;
  readonly now: Instant;
  /** The instant that is looked at; null: now. */
  readonly asOf: Instant | null;
  /** Which of the pairs: so many are shown before them, and so many at most. */
  readonly from: number;
  readonly limit: number;
}

type Beside = Pick<SidesAnswer, 'statementAt' | 'counts' | 'sections'>;

export interface Sided {
  readonly items: readonly SidePair[];
  readonly beside: Beside;
  /** Of all pairs. */
  readonly count: number;
}

interface Paired {
  readonly pairs: readonly SidePair[];
  readonly beside: Beside;
}

/** The last one alone: its pages are asked for one after the other. */
const kept = new WeakMap<BookReader, { readonly of: string; readonly paired: Paired | null }>();

/** One page of the pairs; null: what was told cannot be read any more. */
export function sided(reader: BookReader, asked: SidedAsked): Sided | null {
  const { account, sequence, party, asOf, from, limit } = asked;
  return reader.file.read(() => {
    const { hash } = reader.file.head(account.account);
    const of = [hash, sequence, party, asOf].join(' ');
    const known = kept.get(reader);
    const paired = known?.of === of ? known.paired : pairedNow(reader, asked);
    kept.set(reader, { of, paired });
    if (paired === null) return null;
    const { pairs, beside } = paired;
    return { items: pairs.slice(from, from + limit), beside, count: pairs.length };
  });
}

function pairedNow(reader: BookReader, asked: SidedAsked): Paired | null {
  const { account, sequence, markMaxAgeMs, now, party, asOf } = asked;
  const { file } = reader;
  const [row] = file.entriesAt(account.account, [sequence]);
  const check = notedCheck(file, account.account, row!);
  const statement = check.statement();
  if (statement === null) return null;
  const books = reader.booksNow(account, markMaxAgeMs);
  const { side } = sidesOf(reader, books, statement, markMaxAgeMs);
  const breaks = knownBreaks(file, account.account).breaks.filter(isOpenAt(asOf));
  const comparison = compare(side, statement, {
    ...{ now, settleMs: 0, toleranceSteps: 0, markMaxAgeMs, statementMaxAgeMs: null },
    ...{ theirsParty: party, seen: sightingsOf(breaks) },
  });
  const wasComplete = check.complete;
  const isNow = asOf === null;
  const sides = { comparison, book: side, statement, breaks, isNow, wasComplete };
  const pairs = sidePairs(sides);
  const sections = [...sectionsTold(sides, check.verdict, party === 'venue')];
  const beside = { statementAt: instantText(statement.asOf), counts: countsOf(pairs), sections };
  return { pairs, beside };
}

const isOpenAt =
  (asOf: Instant | null) =>
  (one: Break): boolean => {
    // Lines of a bot's rows are called as those of the book.
    if (isOfSource(one)) return false;
    if (asOf === null) return isOpen(one);
    return one.openedAt <= asOf && (isOpen(one) || one.changedAt > asOf);
  };
