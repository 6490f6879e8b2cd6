/**
 * Checking accounts: the book against itself and against a statement. A check writes to nobody
 * but our own book, where it notes the statement and what became of the breaks.
 */
import type { Break } from '../model/break.ts';
import type { EntryDraft } from '../model/entry.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { BookSide } from '../reconcile/book-side.ts';
import { type Reconciled, reconcile } from '../reconcile/reconcile.ts';
import type { CheckedAccount } from '../report/check-document.ts';
import type { Account } from '../store/accounts.ts';
import { sidesOf } from './book-side.ts';
import { ownFindings } from './own-findings.ts';
import type { BookReader, Look } from './reading.ts';
import {
  draftOfStatement,
  draftsOfBreaks,
  factSequence,
  type KnownBreaks,
  knownBreaks,
  newestStatement,
  type StatementSource,
} from './reconcile-entries.ts';

export interface CheckRequest {
  readonly account: Account;
  /** Null: the book against itself alone. */
  readonly source: StatementSource | null;
  readonly now: Instant;
  readonly strict: boolean;
  /** Steps of the venue that count as equal. */
  readonly toleranceSteps: number;
  readonly markMaxAgeMs: number;
  /** Breaks for which a person asked for an adjustment. */
  readonly adjust: ReadonlySet<string>;
}

export interface Checked {
  readonly reconciled: Reconciled;
  readonly account: CheckedAccount;
  readonly known: KnownBreaks;
  /** The head that was looked at: what is noted must follow it. */
  readonly headSequence: number;
  /** What the check leaves in the journal. */
  readonly drafts: readonly EntryDraft[];
}

export function checkAccount(reader: BookReader, request: CheckRequest): Checked {
  const { account, source } = request;
  return reader.file.read(() => {
    const look = reader.look(account, {
      asOf: null,
      knownAt: null,
      markMaxAgeMs: request.markMaxAgeMs,
    });
    const known = knownBreaks(reader.file, account.account);
    const reconciled = compared(reader, request, look, known.breaks);
    const statementDrafts =
      source === null
        ? []
        : [draftOfStatement(source, newestStatement(reader.file, account.account))];
    return {
      reconciled,
      account: checkedAccount(reader, request, reconciled, look),
      known,
      headSequence: look.head.sequence,
      drafts: [...statementDrafts, ...draftsOfBreaks(reconciled.changes, known.counts)],
    };
  });
}

function compared(
  reader: BookReader,
  request: CheckRequest,
  look: Look,
  known: readonly Break[],
): Reconciled {
  const { account, source, now, markMaxAgeMs } = request;
  const sides =
    source === null
      ? { side: bareSide(reader, look), refold: () => ({ balances: [], positions: [] }) }
      : sidesOf(reader, account, source.statement, markMaxAgeMs);
  return reconcile({
    book: { ...sides.side, sequence: factSequence(reader.file, account.account) },
    statement: source?.statement ?? null,
    options: {
      now,
      // A file stands by itself: nothing of it is still on its way.
      settleMs: 0,
      toleranceSteps: request.toleranceSteps,
      markMaxAgeMs,
      statementMaxAgeMs: null,
      theirsParty: 'statement',
    },
    refold: sides.refold,
    findings: ownFindings(reader, look),
    known,
    adjust: request.adjust,
    strict: request.strict,
  });
}

/** Where nothing is compared, the side only says whose book it is. */
function bareSide(reader: BookReader, { account, view }: Look): BookSide {
  return {
    account: account.name,
    venue: account.venue,
    currency: account.currency,
    asOf: view.asOf,
    sequence: 0,
    balances: [],
    positions: [],
    orders: [],
    facts: [],
    withdrawn: [],
    openingAt: null,
    instruments: new Map(),
    decimals: new Map(),
    marks: (instrument) => reader.file.newestMark(instrument, view.asOf),
  };
}

function checkedAccount(
  reader: BookReader,
  { account, source, now }: CheckRequest,
  reconciled: Reconciled,
  look: Look,
): CheckedAccount {
  const asOf = source?.statement.asOf ?? look.view.asOf;
  const isTrue = reconciled.verdict === 'true';
  return {
    reconciled,
    currency: account.currency,
    sequence: look.head.sequence,
    asOf,
    dataAgeSeconds:
      source === null ? null : Math.max(0, Math.floor(millisecondsBetween(asOf, now) / 1000)),
    trueSince: isTrue ? trueSince(reader, account, reconciled.breaks, now) : null,
    gate: isTrue ? 'allow' : 'deny',
  };
}

/** Since the last break was closed, or since the first statement was noted. */
function trueSince(
  reader: BookReader,
  account: Account,
  breaks: readonly Break[],
  now: Instant,
): Instant {
  const closed = breaks.map((one) => one.changedAt);
  if (closed.length > 0) return closed.reduce((a, b) => (a > b ? a : b));
  const [first] = reader.file.entriesOfKind(account.account, 'statement');
  if (first === undefined) return now;
  for (const batch of reader.file.batches(account.account, first.sequence - 1)) {
    return batch.recordedAt;
  }
  return now;
}
