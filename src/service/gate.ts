/** The trading gate of an account, from what its book has on record. */
import type { Instant } from '../model/instant.ts';
import { decideGate, type GateCheck, type GateDecision, gateMaxAgeMs } from '../reconcile/gate.ts';
import type { Reconciled } from '../reconcile/reconcile.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { checksOnRecord, lastCheckSequence } from './checks-on-record.ts';
import { knownBreaks, type NotedCheck } from './reconcile-entries.ts';

export interface GateQuestion {
  readonly now: Instant;
  readonly maxAgeMs?: number;
  /** When the process that asks began; absent: it is asked about the book alone. */
  readonly startedAt?: Instant;
}

export interface AccountGate extends GateDecision {
  readonly account: string;
  readonly mode: Account['mode'];
  readonly maxAgeMs: number;
  readonly lastComplete: NotedCheck | null;
}

/** Reads only what is on record; nobody is asked. */
export function gateOf(file: BookFile, account: Account, question: GateQuestion): AccountGate {
  return file.read(() => {
    const { now, maxAgeMs = gateMaxAgeMs, startedAt = null } = question;
    const { last, lastComplete } = lastChecks(file, account.account);
    const { breaks } = knownBreaks(file, account.account);
    const facts = { now, maxAgeMs, last, lastComplete, startedAt, breaks };
    const { name, mode } = account;
    return { account: name, mode, maxAgeMs, lastComplete, ...decideGate(facts) };
  });
}

/** As it is after a check that was just made and may not be on record; null: of the book alone. */
export function gateAfter(
  file: BookFile,
  account: Account,
  now: Instant,
  { reconciled, check }: { readonly reconciled: Reconciled; readonly check: GateCheck | null },
): GateDecision {
  const known = check?.complete === true ? null : lastChecks(file, account.account);
  return decideGate({
    ...{ now, maxAgeMs: gateMaxAgeMs, startedAt: null, breaks: reconciled.breaks },
    last: check ?? known?.last ?? null,
    lastComplete: check?.complete === true ? check : (known?.lastComplete ?? null),
  });
}

interface LastChecks {
  readonly last: NotedCheck | null;
  readonly lastComplete: NotedCheck | null;
}

const keptBy = new WeakMap<BookFile, Map<number, LastChecks>>();

/** What was read stays read: in a long outage the last whole answer is far back. */
function lastChecks(file: BookFile, account: number): LastChecks {
  const kept = keptBy.get(file) ?? new Map<number, LastChecks>();
  keptBy.set(file, kept);
  const before = kept.get(account);
  const known = before?.last?.sequence ?? 0;
  if (before !== undefined && lastCheckSequence(file, account) === known) return before;
  let last: NotedCheck | null = null;
  let lastComplete: NotedCheck | null = null;
  for (const check of checksOnRecord(file, account)) {
    last ??= check;
    if (check.complete) lastComplete = check;
    else if (check.sequence <= known) lastComplete = before!.lastComplete;
    if (check.complete || check.sequence <= known) break;
  }
  const now = { last, lastComplete };
  kept.set(account, now);
  return now;
}

/** What is not held makes no check incomplete: facts are known by what they move. */
const heldSections: ReadonlySet<string> = new Set(['statement', 'positions', 'balances', 'orders']);

/** Whether everything was known that is held, or may be at any moment. */
export const isCompleteCheck = ({ unknown }: Pick<Reconciled, 'unknown'>): boolean =>
  !unknown.some(({ section }) => heldSections.has(section));
