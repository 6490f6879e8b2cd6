/** Accepts a difference as it is, up to a sum and until a day. */
import { useState } from 'preact/hooks';
import type { Break } from '../../api/breaks.ts';
import { FormOver } from '../../parts/form-over.tsx';
import { WhyField } from '../../parts/why-field.tsx';
import { now } from '../../state/clock.ts';

interface AcceptFormProps {
  readonly one: Break;
  readonly onClose: () => void;
  readonly onSend: (body: {
    readonly reason: string;
    readonly until: string;
    readonly cap: string;
  }) => unknown;
}

const weekMs = 7 * 86_400_000;

export function AcceptForm({ one, onClose, onSend }: AcceptFormProps) {
  const [reason, setReason] = useState('');
  const [cap, setCap] = useState(one.gross ?? '');
  const [day, setDay] = useState(new Date(now.value + weekMs).toISOString().slice(0, 10));
  return (
    <FormOver
      title={`Accept ${one.id} as it is`}
      submit="Accept"
      onClose={onClose}
      onSend={() => onSend({ reason: reason.trim(), until: `${day}T00:00:00Z`, cap: cap.trim() })}
    >
      <WhyField value={reason} onChange={setReason} />
      <label>
        Up to, in {one.currency}
        <input
          type="text"
          required
          inputMode="decimal"
          pattern="(0|[1-9][0-9]*)([.][0-9]+)?"
          value={cap}
          onInput={({ currentTarget }) => setCap(currentTarget.value)}
        />
      </label>
      <label>
        Until
        <input
          type="date"
          required
          value={day}
          onInput={({ currentTarget }) => setDay(currentTarget.value)}
        />
      </label>
    </FormOver>
  );
}
