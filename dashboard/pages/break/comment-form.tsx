/** A comment on a break: an entry of the book, kept like all of them. */
import { useState } from 'preact/hooks';
import { Over } from '../../parts/over.tsx';

interface CommentFormProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onSend: (body: { readonly text: string }) => unknown;
}

export function CommentForm({ id, onClose, onSend }: CommentFormProps) {
  const [text, setText] = useState('');
  return (
    <Over title={`Comment on ${id}`} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          onClose();
          await onSend({ text: text.trim() });
        }}
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
        <p class="buttons">
          <button type="submit" class="button button-primary">
            Comment
          </button>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Over>
  );
}
