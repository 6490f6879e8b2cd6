/** Writes what stands beside facts, in their transaction. */
import type { Fact } from '../model/fact.ts';
import { writeFact } from '../model/write-fact.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Keeping, Kept, MessageRead } from './book.ts';
import type { Outcome } from './outcome.ts';

/** One transaction must not throw away a month of messages at once. */
const prunedMax = 5_000;

export function keepBeside(
  tx: Transaction,
  facts: readonly Fact[],
  keeping: Keeping,
  outcomes: readonly Outcome[],
): Pick<Kept, 'sequences' | 'gaps'> {
  const sequences = (keeping.messages ?? []).map((message) => tx.keepMessage(message));
  tellMessages(tx, keeping.read ?? [], outcomes);
  keepRefused(tx, facts, keeping, outcomes);
  for (const feed of keeping.feeds ?? []) tx.putFeed(feed);
  const gaps = (keeping.opened ?? []).map((gap) => tx.openGap(gap));
  for (const { gap, to } of keeping.extended ?? []) tx.extendGap(gap, to);
  for (const { gap, at, found } of keeping.closed ?? []) tx.closeGap(gap, at, found);
  if (keeping.pruneBefore !== undefined) tx.pruneMessages(keeping.pruneBefore, prunedMax);
  return { sequences, gaps };
}

/** Messages that follow each other are told to be read at once. */
function tellMessages(
  tx: Transaction,
  messages: readonly MessageRead[],
  outcomes: readonly Outcome[],
): void {
  let run: { first: number; last: number } | null = null;
  for (const message of messages) {
    const { sequence } = message;
    const why = whyUnread(message, outcomes);
    if (why !== null) tx.tellUnread(sequence, why);
    else if (run !== null && sequence === run.last + 1) run.last = sequence;
    else {
      if (run !== null) tx.tellRead(run.first, run.last);
      run = { first: sequence, last: sequence };
    }
  }
  if (run !== null) tx.tellRead(run.first, run.last);
}

/** A listing tells the same fact again and again: it is kept once. */
function keepRefused(
  tx: Transaction,
  facts: readonly Fact[],
  { refusedTo }: Keeping,
  outcomes: readonly Outcome[],
): void {
  if (refusedTo === undefined) return;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status !== 'refused') continue;
    const message = { ...refusedTo, text: JSON.stringify(writeFact(facts[index]!)) };
    if (tx.isOpenMessage(message)) continue;
    tx.tellUnread(tx.keepMessage(message), outcome.refusal.message);
  }
}

function whyUnread({ why, from, to }: MessageRead, outcomes: readonly Outcome[]): string | null {
  if (why !== null) return why;
  const refused = outcomes.slice(from, to).find((outcome) => outcome.status === 'refused');
  return refused?.status === 'refused' ? refused.refusal.message : null;
}
