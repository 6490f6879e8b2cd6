/** The break that the keys stand on, beside the list: why, what differs, what would repair it. */
import type { Break, BreakSummary } from '../../api/breaks.ts';
import { ReasonLink } from '../../parts/reason-link.tsx';
import { SeverityWord } from '../../parts/severity-word.tsx';
import { Waits } from '../../parts/waits.tsx';
import { Whole } from '../../parts/whole.tsx';
import { useCommands } from '../../state/commands.ts';
import { useReading } from '../../state/reading.ts';
import { breakAddress, breakApi } from '../../words/addresses.ts';
import { stateWord } from '../../words/break-words.ts';
import { Cause } from '../break/cause.tsx';
import { Differences } from '../break/differences.tsx';
import { RepairPlan } from '../break/repair-plan.tsx';

interface PreviewProps {
  readonly row: BreakSummary;
  readonly onClose: () => void;
}

export function Preview({ row, onClose }: PreviewProps) {
  const { id, title, severity, account, state, waitsFor, reason } = row;
  const reading = useReading<Break>(breakApi(id));
  useCommands([{ keys: 'Esc', words: 'close the preview', run: onClose, quiet: true }]);
  return (
    <aside class="preview" aria-label={`Preview of ${id}`}>
      <header>
        <h2>{title}</h2>
        <button type="button" class="copy" onClick={onClose}>
          <span class="unseen">Close</span> Esc
        </button>
      </header>
      <p class="break-facts">
        <SeverityWord severity={severity} /> <span>{account}</span> <span>{stateWord[state]}</span>
        <span>
          <Waits on={waitsFor} />
        </span>{' '}
        <ReasonLink reason={reason} />
      </p>
      <Whole reading={reading} heads={['', 'Ours', 'Theirs', 'Difference']}>
        {(one) => (
          <>
            <Cause one={one} />
            <Differences one={one} />
            <RepairPlan one={one} />
          </>
        )}
      </Whole>
      <a class="button" href={breakAddress(id)}>
        Open <kbd>Enter</kbd>
      </a>
    </aside>
  );
}
