/** What lies over the page: a dialog in the middle, or a drawer at its side. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useCommands } from '../state/commands.ts';

interface OverProps {
  readonly title: string;
  readonly kind?: 'dialog' | 'drawer' | 'palette';
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Where one begins to type, where there is something to type. */
const firstField = 'input:not([type=radio]), textarea';

export function Over({ title, kind = 'dialog', onClose, children }: OverProps) {
  const element = useRef<HTMLDialogElement>(null);
  useCommands([{ keys: 'Esc', words: 'Close', run: onClose, quiet: true }]);
  useEffect(() => {
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>(firstField)?.focus();
  }, []);
  return (
    <dialog
      ref={element}
      class={`over over-${kind}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div class="over-body">
        {kind !== 'palette' && (
          <header class="over-head">
            <h2>{title}</h2>
            <button type="button" class="copy" onClick={onClose}>
              <span class="unseen">Close</span> Esc
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
