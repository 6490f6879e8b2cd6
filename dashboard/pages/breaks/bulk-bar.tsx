/** For several breaks at once: leave them alone, or approve what is alike and proven. */
import { useState } from 'preact/hooks';
import type { Break, BreakSummary } from '../../api/breaks.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useCommands } from '../../state/commands.ts';
import { tell } from '../../state/notices.ts';
import { askAll, readOnce } from '../../state/reading.ts';
import { post } from '../../state/writing.ts';
import { breakApi } from '../../words/addresses.ts';
import { SnoozeForm } from '../break/snooze-form.tsx';

interface BulkBarProps {
  readonly picked: readonly BreakSummary[];
  readonly onDone: () => void;
}

export function BulkBar({ picked, onDone }: BulkBarProps) {
  const [isSnoozing, setSnoozing] = useState(false);
  useCommands([
    {
      ...{ keys: 'z', words: 'snooze the chosen ones' },
      run: () => setSnoozing(picked.length > 0),
    },
  ]);
  if (picked.length === 0) {
    return (
      <p class="bulk bulk-hint quiet">
        <kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open <kbd>x</kbd> choose
      </p>
    );
  }
  const send = async (
    words: string,
    bodyOf: (id: string) => Promise<object | null>,
    name: string,
  ) => {
    let refused = 0;
    // One after the other: each changes the book that the next plan is for.
    for (const { id } of picked) {
      const body = await bodyOf(id);
      const isDone = body !== null && (await post(`${breakApi(id)}/${name}`, body)).ok;
      if (!isDone) refused += 1;
    }
    const told = refused === 0 ? '' : `, ${refused} refused`;
    const tone = refused === 0 ? 'done' : 'failed';
    tell({ tone, words: `${picked.length - refused} ${words}${told}`, detail: null, undo: null });
    await askAll();
    onDone();
  };
  return (
    <div class="bulk" role="toolbar" aria-label="For the chosen breaks">
      <b>{picked.length} chosen</b>
      <ActionButton
        scope="approve"
        why={whyNotAlike(picked)}
        onAct={() => send('approved', planOf, 'approve')}
        grave
      >
        Approve
      </ActionButton>
      <ActionButton scope="repair" keys="z" onAct={() => setSnoozing(true)}>
        Snooze
      </ActionButton>
      <button type="button" class="copy" onClick={onDone}>
        none
      </button>
      {isSnoozing && (
        <SnoozeForm
          words={`Leave ${picked.length} breaks alone`}
          onClose={() => setSnoozing(false)}
          onSend={(body) => send('snoozed', async () => body, 'snooze')}
        />
      )}
    </div>
  );
}

/** The plan that is shown for it, as somebody who opened it would approve it; null: none is. */
async function planOf(id: string): Promise<object | null> {
  const one = await readOnce<Break>(breakApi(id));
  return one === null || one.repair.planHash === null ? null : { plan: one.repair.planHash };
}

/** Only what has one cause and is proven is approved together. */
function whyNotAlike(picked: readonly BreakSummary[]): string | null {
  if (new Set(picked.map(({ reason }) => reason)).size > 1) return 'They have different causes';
  if (picked.some(({ confidence }) => confidence !== 'proven')) return 'Not all of them are proven';
  return picked.some(({ state }) => state !== 'PROPOSED') ? 'Not all of them are proposed' : null;
}
