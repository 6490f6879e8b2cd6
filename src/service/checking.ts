/**
 * Checking accounts: the book against itself and against a statement. A check writes to nobody
 * but our own book, where it notes the statement, the conflicts that it settles and what became
 * of the breaks.
 */
import type { Break } from '../model/break.ts';
import type { EntryDraft } from '../model/entry.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Statement } from '../model/statement.ts';
import { statementText, writeStatement } from '../model/write-statement.ts';
import type { BookSide } from '../reconcile/book-side.ts';
import type { PolicySettings } from '../reconcile/limits.ts';
import { type Reconciled, reconcile } from '../reconcile/reconcile.ts';
import type { Verdict } from '../reconcile/verdict.ts';
import type { CheckedAccount } from '../report/check-document.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { sidesOf } from './book-side.ts';
import { inOrder, withoutBooked } from './booked-items.ts';
import { isConfirmed, type OpenConflict, openConflicts } from './conflicts.ts';
import { gateAfter, isCompleteCheck } from './gate.ts';
import { ownFindings } from './own-findings.ts';
import { automaticOf, stopShown } from './policy/standing.ts';
import { readFault } from './read-faults.ts';
import type { BookReader, Books } from './reading.ts';
import {
  draftOfReversal,
  draftOfStatement,
  draftsOfBreaks,
  factSequence,
  type KnownBreaks,
  knownBreaks,
  lastVerdict,
  type StatementSource,
} from './reconcile-entries.ts';
import { standingOf } from './taking-back.ts';

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
  /** How far repairs go without a person; absent: as by default. */
  readonly policy?: PolicySettings;
  /** Of a live venue: how it is asked once more, when the book was repaired. */
  readonly again?: () => Promise<StatementSource>;
}

export interface Checked {
  readonly reconciled: Reconciled;
  readonly account: CheckedAccount;
  readonly known: KnownBreaks;
  /** What the check leaves in the journal beside the steps of breaks. */
  readonly notes: readonly EntryDraft[];
}

/** What a check leaves in the journal, with further steps that breaks took. */
export const draftsOf = (
  { notes, known, reconciled }: Checked,
  steps: readonly Break[],
  at: Instant,
): readonly EntryDraft[] => {
  const taken = reconciled.changes.map((change) => change.break);
  return [...notes, ...draftsOfBreaks([...taken, ...steps], at, known.counts)];
};

export function checkAccount(reader: BookReader, request: CheckRequest): Checked {
  try {
    return reader.file.read(() => checkedNow(reader, request));
  } catch (error) {
    throw readFault(error, reader.file);
  }
}

function checkedNow(reader: BookReader, request: CheckRequest): Checked {
  const { account, source, now, markMaxAgeMs } = request;
  const { file } = reader;
  const books = reader.booksNow(account, markMaxAgeMs);
  const known = knownBreaks(file, account.account);
  const conflicts = openConflicts(reader, account);
  const confirmed = (one: OpenConflict) => source !== null && isConfirmed(one, source.statement);
  const left = conflicts.filter((one) => !confirmed(one));
  const findings = ownFindings(reader, books, left);
  const { reconciled, asOf } = compared(reader, request, books, { known: known.breaks, findings });
  const since = trueSince(reader, request, reconciled);
  const settled = conflicts.filter(confirmed).map(({ row }) => {
    const { last } = standingOf(file, account, row.sequence);
    return draftOfReversal(last, now, 'the venue lists the fact as it is booked');
  });
  const seen = { sequence: books.head.sequence, asOf, trueSince: since };
  return {
    reconciled,
    account: checkedAccount(reader, request, reconciled, seen),
    known,
    notes: [...settled, ...statementNotes(reader, request, reconciled, since)],
  };
}

function statementNotes(
  { file }: BookReader,
  { account, source }: CheckRequest,
  { verdict, unknown, believed }: Reconciled,
  since: Instant | null,
): readonly EntryDraft[] {
  if (source === null) return [];
  const before = file.lastOfKind(account.account, 'statement');
  const complete = isCompleteCheck({ unknown });
  const noted =
    believed == null ? source : notedSource(source, believed, verdict, { file, account });
  return [draftOfStatement(noted, { verdict, trueSince: since, complete }, before)];
}

/** Of what a live venue says, what changes with every price, or is booked already, is not kept. */
function notedSource(
  source: StatementSource,
  believed: Statement,
  verdict: Verdict,
  { file, account: { account } }: { readonly file: BookFile; readonly account: Account },
): StatementSource {
  const { positions, balances } = believed;
  const isTrue = verdict === 'true';
  const statement: Statement = {
    ...believed,
    positions: positions && {
      ...positions,
      items: positions.items.map((one) => ({
        ...{ ...one, unrealisedPnl: null, markPrice: isTrue ? null : one.markPrice },
      })),
    },
    balances: balances && {
      ...balances,
      items: balances.items.map((one) => ({ ...one, equity: null, available: null })),
    },
    ...(isTrue ? { executions: null, cashFlows: null } : {}),
  };
  const { live } = source;
  const document = inOrder(writeStatement(statement));
  return {
    statement,
    get text() {
      return JSON.stringify(document);
    },
    timeless: JSON.stringify({ ...document, asOf: null, takenAt: null }),
    kept: () => {
      const { left, ...rest } = withoutBooked({ file, account }, statement);
      return { text: statementText(left), ...rest };
    },
    ...(live === undefined ? {} : { live }),
  };
}

type Found = Pick<Parameters<typeof reconcile>[0], 'known' | 'findings'>;

function compared(
  reader: BookReader,
  request: CheckRequest,
  books: Books,
  found: Found,
): { readonly reconciled: Reconciled; readonly asOf: Instant } {
  const { account, source, now, markMaxAgeMs } = request;
  const sides =
    source === null
      ? { side: bareSide(reader, request), refold: () => ({ balances: [], positions: [] }) }
      : sidesOf(reader, books, source.statement, markMaxAgeMs);
  const live = source?.live;
  const reconciled = reconcile({
    book: { ...sides.side, sequence: factSequence(reader.file, account.account) },
    statement: source?.statement ?? null,
    options: {
      now,
      // A file stands by itself: nothing of it is still on its way.
      settleMs: live?.settleMs ?? 0,
      toleranceSteps: request.toleranceSteps,
      markMaxAgeMs,
      statementMaxAgeMs: null,
      theirsParty: live === undefined ? 'statement' : 'venue',
    },
    ...(live === undefined
      ? {}
      : { live: { ...live, sideOf: (one) => sidesOf(reader, books, one, markMaxAgeMs).side } }),
    refold: sides.refold,
    ...found,
    adjust: request.adjust,
    automatic: automaticOf(reader.file, account.account, now, request.policy),
    strict: request.strict,
  });
  return { reconciled, asOf: sides.side.asOf };
}

/** Where nothing is compared, the side only says whose book it is. */
function bareSide(reader: BookReader, { account, markMaxAgeMs }: CheckRequest): BookSide {
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
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
  { file }: BookReader,
  request: CheckRequest,
  reconciled: Reconciled,
  seen: Pick<CheckedAccount, 'sequence' | 'asOf' | 'trueSince'>,
): CheckedAccount {
  const { account, source, now } = request;
  const live = source?.live;
  const ahead = live?.aheadMs ?? 0;
  // Without an answer the data are as old as the last one.
  const asOf = live?.doubt ? (live.before?.asOf ?? null) : seen.asOf;
  const ageMs = asOf === null ? null : millisecondsBetween(asOf, now) + ahead;
  const check = source && { at: checkedAt(source), complete: isCompleteCheck(reconciled) };
  return {
    ...seen,
    reconciled,
    currency: account.currency,
    mode: account.mode,
    dataAgeSeconds:
      source === null || ageMs === null ? null : Math.max(0, Math.floor(ageMs / 1000)),
    gate: gateAfter(file, account, now, { reconciled, check }).gate,
    stopped: stopShown(file, account.account, request.policy),
  };
}

/** When the data were taken, by our clock where somebody noted it. */
const checkedAt = ({ statement }: StatementSource): Instant => statement.takenAt ?? statement.asOf;

/**
 * Since when every check against somebody else's word said true; no earlier than the last change
 * of a break. A book that nobody contradicts is not proven true.
 */
function trueSince(
  { file }: BookReader,
  { account, source, now }: CheckRequest,
  { verdict, breaks }: Reconciled,
): Instant | null {
  if (verdict !== 'true' || source === null) return null;
  const since = lastVerdict(file, account.account)?.trueSince ?? now;
  return breaks.reduce((latest, one) => (one.changedAt > latest ? one.changedAt : latest), since);
}
