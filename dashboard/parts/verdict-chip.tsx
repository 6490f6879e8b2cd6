/** The verdict as word, form and colour: on every page, at every row. */
import { useContext } from 'preact/hooks';
import type { Shown } from '../state/verdict.ts';
import { verdictWord } from '../words/break-words.ts';
import { Old } from './old.ts';
import { Shape } from './shape.tsx';

interface ChipProps {
  readonly verdict: Shown;
  readonly note?: string | null;
  readonly small?: boolean;
}

export function VerdictChip({ verdict, note = null, small = false }: ChipProps) {
  const isOld = useContext(Old) && verdict !== 'checking';
  const word = verdict === 'checking' ? 'Checking…' : verdictWord[verdict];
  if (isOld) {
    return (
      <span class={`chip chip-cannot-say${small ? ' chip-small' : ''}`}>
        <Shape name="cannot-say" size={small ? 11 : 13} />
        <span class="chip-word">was {word}</span>
      </span>
    );
  }
  return (
    <span class={`chip chip-${verdict}${small ? ' chip-small' : ''}`} title={note ?? undefined}>
      <Shape name={verdict === 'checking' ? 'settling' : verdict} size={small ? 11 : 13} />
      <span class="chip-word">{word}</span>
      {note !== null && !small && ' '}
      {note !== null && !small && <span class="chip-note">{note}</span>}
    </span>
  );
}
