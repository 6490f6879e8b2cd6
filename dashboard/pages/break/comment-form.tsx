/** A comment on a break: an entry of the book, kept like all of them. */
import { useState } from 'preact/hooks';
import { FormOver } from '../../parts/form-over.tsx';

interface CommentFormProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onSend: (body: { readonly text: string }) => unknown;
}

export function CommentForm({ id, onClose, onSend }: CommentFormProps) {
  const [text, setText] = useState('');
  return (
    <FormOver
      title={`Comment on ${id}`}
      submit="Comment"
      onClose={onClose}
      onSend={() => onSend({ text: text.trim() })}
    >
      <label>
        What others should know
        <textarea
          rows={4}
          required
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <p class="quiet">It is written into the book and stays there.</p>
    </FormOver>
  );
}
