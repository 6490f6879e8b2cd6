/** What the book knows of a venue before it is asked, and what it keeps and has not read yet. */
import { fillRank } from '../../books/effective-order.ts';
import { coinOf } from '../../books/group.ts';
import { isZero, zero } from '../../decimal/decimal.ts';
import { cashKinds } from '../../model/fact.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Statement } from '../../model/statement.ts';
import type { Waiting } from '../../reconcile/live/evidence.ts';
import { isComplete } from '../../reconcile/scope.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { Venue } from '../../venues/venue.ts';
import { isListed } from '../conflicts.ts';
import { readMessages } from '../listening/messages.ts';
import type { BookReader } from '../reading.ts';
import { type NotedCheck, notedChecks } from '../reconcile-entries.ts';
import { type KnownBefore, overlapMs } from './taking.ts';

/** How far back lists go where nothing was ever found true: farther, and asking takes for ever. */
const historyMaxMs = 30 * 24 * 3_600_000;

const listedKinds = ['fill', ...cashKinds] as const;

/** How many notes are looked through for a whole statement. */
const notesMax = 10_000;

/** To be read before the venue is asked. */
export function knownBefore(
  reader: BookReader,
  account: Account,
  venue: Venue,
  now: Instant,
): KnownBefore {
  const { file } = reader;
  return file.read(() => {
    let before: Statement | null = null;
    let lastTrue: NotedCheck | null = null;
    let notes = 0;
    for (const check of notedChecks(file, account.account)) {
      before ??= check.complete ? wholeOf(check, venue) : null;
      lastTrue ??= check.verdict === 'true' ? check : null;
      notes += 1;
      if ((before !== null && lastTrue !== null) || notes >= notesMax) break;
    }
    const earliest = addMilliseconds(now, -historyMaxMs);
    const began = file.firstAt(account.account) ?? earliest;
    const reaching = (start: Instant): Instant => {
      const since = addMilliseconds(start, -overlapMs);
      return since > earliest ? since : earliest;
    };
    return {
      youngest: youngestFill(reader, account),
      ...{ before, trueAt: lastTrue && openSince(file, account, lastTrue) },
      coins: coinsIn(reader, account, before),
      // Asked only where something differs: it goes through all that was told since.
      get since() {
        return reaching(lastTrue === null ? began : openSince(file, account, lastTrue));
      },
      strangersSince: reaching(before?.asOf ?? began),
    };
  });
}

/** What was told late, or once more, may be of long before all was found true. */
function openSince(file: BookFile, { account }: Account, { asOf, sequence }: NotedCheck): Instant {
  const earliest = file.earliestTold(account, sequence, listedKinds);
  return earliest === null || earliest > asOf ? asOf : earliest;
}

/**
 * Coins that the venue of an account should have, for a process that never asked it before: those
 * of the book, and those of the last whole statement that the book has not emptied since.
 */
export function coinsHeld(reader: BookReader, venue: Venue): readonly string[] {
  const { file } = reader;
  return file.read(() => {
    const account = file.accountNamed(venue.account);
    if (account === null || account.venue !== venue.name) return [];
    let notes = 0;
    for (const check of notedChecks(file, account.account)) {
      const before = check.complete ? wholeOf(check, venue) : null;
      notes += 1;
      if (before !== null) return coinsIn(reader, account, before);
      if (notes >= notesMax) break;
    }
    return coinsIn(reader, account, null);
  });
}

function coinsIn(reader: BookReader, account: Account, before: Statement | null) {
  const { fold } = reader.booksNow(account, 0);
  const told = new Map(before?.balances?.items.map(({ currency, total }) => [currency, total]));
  told.set(fold.context.settings.currency, fold.postings.cash);
  for (const { key, state } of fold.groups()) {
    const coin = coinOf(key);
    if (coin !== null) told.set(fold.context.nameOf(coin), state.coin?.holding.quantity ?? zero);
  }
  return [...told].flatMap(([coin, total]) => (isZero(total) ? [] : [coin])).sort();
}

/** Null: it was a document of somebody else, or not whole. */
function wholeOf(check: NotedCheck, { name }: Venue): Statement | null {
  const statement = check.statement();
  if (statement === null || statement.venue !== name) return null;
  return isComplete(statement.positions) && isComplete(statement.balances) ? statement : null;
}

/** Fills alone are of the venue's clock for sure. */
function youngestFill(reader: BookReader, account: Account): Instant | null {
  const { fold } = reader.booksNow(account, 0);
  let youngest: Instant | null = null;
  for (const { last } of fold.groups()) {
    if (last?.rank !== fillRank) continue;
    if (youngest === null || last.time > youngest) youngest = last.time;
  }
  return youngest;
}

const messagesMax = 1_000;

/** Facts and orders of messages that are kept, and not in the book. */
export function waitingMessages(
  { file }: BookReader,
  venue: Venue,
  { now, maxAgeMs }: { readonly now: Instant; readonly maxAgeMs: number },
): readonly Waiting[] {
  const kept = file.openMessages(venue.name, venue.account, 0, messagesMax);
  const young = kept.filter(({ receivedAt }) => millisecondsBetween(receivedAt, now) <= maxAgeMs);
  return young.flatMap((event) => {
    const { receivedAt } = event;
    return readMessages(venue, [event]).facts.flatMap((fact): readonly Waiting[] =>
      isListed(fact) || fact.kind === 'order' ? [{ fact, receivedAt }] : [],
    );
  });
}
