/** Stops every repair that nobody looks at, for a reason. */
import { useState } from 'preact/hooks';
import { Over } from '../../parts/over.tsx';
import { WhyField } from '../../parts/why-field.tsx';

interface StopFormProps {
  readonly onClose: () => void;
  readonly onSend: (reason: string) => unknown;
}

export function StopForm({ onClose, onSend }: StopFormProps) {
  const [reason, setReason] = useState('');
  return (
    <Over title="Stop all repairs" onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          onClose();
          await onSend(reason.trim());
        }}
      >
        <WhyField value={reason} onChange={setReason} />
        <p class="quiet">
          Checks go on. Only what a person approves is repaired until they are let go on.
        </p>
        <p class="buttons">
          <button type="submit" class="button button-primary">
            Stop repairs
          </button>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Over>
  );
}
