/**
 * Reads that fold or look through a whole stream. Of a small book they are done at once; of a large
 * one in a thread of their own, so that nobody else's answer waits for them.
 */
import type { Instant } from '../../../model/instant.ts';
import type { PolicySettings } from '../../../reconcile/limits.ts';
import type { Reconciled } from '../../../reconcile/reconcile.ts';
import { bookDocument } from '../../../report/book-document.ts';
import type { DailyReportDocument } from '../../../report/daily-report-document.ts';
import {
  type BridgeState,
  bridgeDocument,
  type PerformanceDocument,
  performanceDocument,
} from '../../../report/performance-document.ts';
import type { VerifyState } from '../../../report/upkeep-documents.ts';
import type { Account } from '../../../store/accounts.ts';
import { checkAccount } from '../../checking.ts';
import { viewSeen } from '../../never-booked.ts';
import { bridgeOfRange, performanceHistory } from '../../performing.ts';
import type { BookReader, LookOptions } from '../../reading.ts';
import { dailyReport } from '../../reporting.ts';
import { recordedStatement } from '../../statement-file.ts';
import { verifyBook } from '../../upkeep.ts';
import { balanceRows, positionRows } from '../views/account-view.ts';
import { curveOf } from './curve.ts';
import { inboxThen } from './inbox.ts';
import { fillsThen, openOrdersThen, ordersThen } from './past-rows.ts';
import { equityThen, recalled, recalledSummary } from './recalled.ts';
import { sided } from './sided.ts';
import { why } from './why.ts';

interface OfAccount {
  readonly account: Account;
  readonly markMaxAgeMs: number;
}

interface Range {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

/** The book as it was: nobody is put beside it. */
function looked(reader: BookReader, { account, ...options }: OfAccount & LookOptions) {
  const look = reader.look(account, options);
  const { view, head, waiting } = look;
  const nothing = { at: null, sequence: null };
  const seen = { view, theirs: null, moved: () => nothing, instrument: () => null };
  return {
    asOf: view.asOf,
    sequence: head.sequence,
    book: bookDocument({ view, head, waiting }, { all: true }),
    balances: balanceRows(seen),
    positions: positionRows(seen, true),
    equity: equityThen(reader, look, { account, ...options }),
  };
}

export type Looked = ReturnType<typeof looked>;

function performed(
  reader: BookReader,
  { account, limit, from, to, markMaxAgeMs }: OfAccount & Range & { readonly limit: number },
): PerformanceDocument {
  return performanceDocument({
    view: viewSeen(
      reader.file,
      account,
      reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs }).view,
    ),
    records: performanceHistory(reader, account, { limit, from, to }),
    bridge: bridgeOfRange(reader, account, from, to, markMaxAgeMs),
    recorded: null,
  });
}

function bridged(reader: BookReader, { account, from, to, markMaxAgeMs }: OfAccount & Range) {
  const state: BridgeState = bridgeOfRange(reader, account, from, to, markMaxAgeMs);
  return { document: bridgeDocument(state), asOf: state.views.to.asOf };
}

export interface Planned {
  readonly plan: Reconciled['plan'];
  readonly breaks: Reconciled['breaks'];
  readonly statementAt: Instant;
}

/** Null: nothing was ever compared with the account. */
function planned(
  reader: BookReader,
  request: OfAccount & { readonly now: Instant; readonly policy: PolicySettings },
): Planned | null {
  const source = recordedStatement(reader.file, request.account);
  if (source === null) return null;
  const { reconciled } = checkAccount(reader, {
    ...request,
    ...{ source, strict: false, toleranceSteps: 0, adjust: new Set<string>() },
  });
  const { plan, breaks } = reconciled;
  return { plan, breaks, statementAt: source.statement.asOf };
}

interface DayAsked {
  readonly day: string;
  readonly zone: string;
  readonly accounts: readonly Account[] | null;
}

/** Null: there is no such day. */
function reported(
  reader: BookReader,
  { day: date, zone, accounts }: DayAsked,
): DailyReportDocument | null {
  const report = dailyReport(reader, { date, zone, accounts, knownAt: null });
  return report.ok ? report.value : null;
}

const verified = ({ file }: BookReader, _: object): VerifyState =>
  verifyBook(file, null, null, () => undefined);

/** What goes in and comes out is copied between threads: values, and no functions. */
export const tasks = {
  looked,
  recalled,
  inboxThen,
  recalledSummary,
  fillsThen,
  ordersThen,
  openOrdersThen,
  why,
  performed,
  bridged,
  planned,
  reported,
  verified,
  curved: curveOf,
  sided,
};

export type TaskName = keyof typeof tasks;
export type Asked<N extends TaskName> = Parameters<(typeof tasks)[N]>[1];
export type Done<N extends TaskName> = ReturnType<(typeof tasks)[N]>;

export const runTask = <N extends TaskName>(
  reader: BookReader,
  name: N,
  asked: Asked<N>,
): Done<N> => (tasks[name] as (reader: BookReader, asked: Asked<N>) => Done<N>)(reader, asked);
