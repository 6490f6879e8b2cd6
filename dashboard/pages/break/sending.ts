/** What somebody does about a break, sent. */
import type { ActionName, BreakSummary } from '../../api/breaks.ts';
import { type Answer, act } from '../../state/writing.ts';
import { breakApi } from '../../words/addresses.ts';

const done: Readonly<Record<ActionName, string>> = {
  propose: 'proposed',
  approve: 'approved',
  repair: 'repaired and compared again',
  snooze: 'snoozed',
  accept: 'accepted',
  reopen: 'open again',
  comment: 'commented on',
};

/** What can be taken back says so beside what was done. */
export function sendAbout(
  one: Pick<BreakSummary, 'id' | 'account'>,
  name: ActionName,
  body: object,
): Promise<boolean> {
  const { id, account } = one;
  const url = `${breakApi(id)}/${name}`;
  return act(`${id} ${done[name]}`, url, body, (answer) => {
    if (name === 'snooze' || name === 'accept') return () => void sendAbout(one, 'reopen', {});
    const written = sequencesIn(answer);
    return name !== 'repair' || written.length === 0
      ? null
      : () => undo(account, written.toReversed());
  });
}

const sequencesIn = ({ sequences }: Answer): readonly number[] =>
  Array.isArray(sequences) ? sequences.filter((each) => typeof each === 'number') : [];

/** The newest first, each by an entry that names it. */
export async function undo(account: string, sequences: readonly number[]): Promise<void> {
  for (const sequence of sequences) {
    const url = `/api/v1/entries/${encodeURIComponent(account)}/${sequence}/undo`;
    if (!(await act(`entry #${sequence} taken back`, url))) return;
  }
}
