/** A question for nothing but a reason: what is stopped or paused is so for one. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { FormOver } from './form-over.tsx';
import { WhyField } from './why-field.tsx';

interface ReasonFormProps {
  readonly title: string;
  readonly submit: string;
  readonly onClose: () => void;
  readonly onSend: (reason: string) => unknown;
  /** What it means. */
  readonly children: ComponentChildren;
}

export function ReasonForm({ onSend, children, ...rest }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  return (
    <FormOver {...rest} onSend={() => onSend(reason.trim())}>
      <WhyField value={reason} onChange={setReason} />
      <p class="quiet">{children}</p>
    </FormOver>
  );
}
