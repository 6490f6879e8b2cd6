/** A question over the page: a form that sends what was typed, and a way out. */
import type { ComponentChildren } from 'preact';
import { Over } from './over.tsx';

interface FormOverProps {
  readonly title: string;
  /** What pressing it does. */
  readonly submit: string;
  readonly onClose: () => void;
  /** Called once it is closed: what came of it is told by a notice. */
  readonly onSend: () => unknown;
  readonly children: ComponentChildren;
}

export function FormOver({ title, submit, onClose, onSend, children }: FormOverProps) {
  return (
    <Over title={title} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void onSend();
        }}
      >
        {children}
        <p class="buttons">
          <button type="submit" class="button button-primary">
            {submit}
          </button>
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Over>
  );
}
