/** Leaves a break alone for a while, for a reason; it comes back by itself. */
import { useState } from 'preact/hooks';
import { FormOver } from '../../parts/form-over.tsx';
import { WhyField } from '../../parts/why-field.tsx';
import { now } from '../../state/clock.ts';

interface SnoozeFormProps {
  readonly words: string;
  readonly onClose: () => void;
  readonly onSend: (body: { readonly reason: string; readonly until: string }) => unknown;
}

const hourMs = 3_600_000;
const spans: readonly (readonly [string, number])[] = [
  ['1 hour', hourMs],
  ['4 hours', 4 * hourMs],
  ['a day', 24 * hourMs],
  ['a week', 168 * hourMs],
];

export function SnoozeForm({ words, onClose, onSend }: SnoozeFormProps) {
  const [reason, setReason] = useState('');
  const [ms, setMs] = useState(hourMs);
  const until = new Date(now.value + ms).toISOString().replace(/\.\d+Z$/, 'Z');
  return (
    <FormOver
      title={words}
      submit="Snooze"
      onClose={onClose}
      onSend={() => onSend({ reason: reason.trim(), until })}
    >
      <fieldset class="choice">
        <legend>For</legend>
        {spans.map(([name, each]) => (
          <label key={name}>
            <input type="radio" name="span" checked={each === ms} onChange={() => setMs(each)} />
            {name}
          </label>
        ))}
      </fieldset>
      <WhyField
        value={reason}
        placeholder="the venue confirmed it books tonight"
        onChange={setReason}
      />
      <p class="quiet">It comes back {until.replace('T', ' ')}, or sooner if it grows.</p>
    </FormOver>
  );
}
