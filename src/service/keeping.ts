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
  for (const read of keeping.read ?? []) {
    const why = whyUnread(read, outcomes);
    tx.tellMessage(read.sequence, why === null ? 'read' : 'unread', why);
  }
  keepRefused(tx, facts, keeping, outcomes);
  for (const feed of keeping.feeds ?? []) tx.putFeed(feed);
  const gaps = (keeping.opened ?? []).map((gap) => tx.openGap(gap));
  for (const { gap, at, found } of keeping.closed ?? []) tx.closeGap(gap, at, found);
  if (keeping.pruneBefore !== undefined) tx.pruneMessages(keeping.pruneBefore, prunedMax);
  return { sequences, gaps };
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
    tx.tellMessage(tx.keepMessage(message), 'unread', outcome.refusal.message);
  }
}

function whyUnread({ why, from, to }: MessageRead, outcomes: readonly Outcome[]): string | null {
  if (why !== null) return why;
  const refused = outcomes.slice(from, to).find((outcome) => outcome.status === 'refused');
  return refused?.status === 'refused' ? refused.refusal.message : null;
}
