/**
 * A button that writes. Without the scope it is there and says which one it needs. Under a finger
 * what is grave has to be held for a second.
 */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { asOf } from '../state/location.ts';
import { may } from '../state/session.ts';

interface ActionButtonProps {
  readonly scope: string;
  readonly onAct: () => unknown;
  readonly children: ComponentChildren;
  readonly keys?: string;
  /** Why it cannot be done now; null: it can. */
  readonly why?: string | null;
  readonly primary?: boolean;
  readonly grave?: boolean;
}

const holdMs = 1000;

/** Why it cannot be pressed; null: it can. */
export function refusalOf(scope: string, why: string | null): string | null {
  if (asOf.value !== null) return 'You are looking at the past';
  if (!may(scope)) return `Needs a token with the scope ${scope}`;
  return why;
}

export function ActionButton(props: ActionButtonProps) {
  const { scope, onAct, children, keys, why = null, primary = false, grave = false } = props;
  const [isBusy, setBusy] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const held = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isTouched = useRef(false);
  const refusal = refusalOf(scope, why);
  const run = async () => {
    setBusy(true);
    await onAct();
    setBusy(false);
  };
  const letGo = () => {
    if (held.current !== null) clearTimeout(held.current);
    held.current = null;
    setHeld(false);
  };
  return (
    <button
      type="button"
      class={`button${primary ? ' button-primary' : ''}${isHeld ? ' is-held' : ''}`}
      disabled={refusal !== null || isBusy}
      title={refusal ?? (grave ? 'On a touch screen: hold for a second' : undefined)}
      onPointerDown={(event) => {
        isTouched.current = grave && event.pointerType === 'touch';
        if (!isTouched.current) return;
        setHeld(true);
        held.current = setTimeout(() => {
          letGo();
          void run();
        }, holdMs);
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onPointerLeave={letGo}
      onClick={() => {
        if (!isTouched.current) void run();
        isTouched.current = false;
      }}
    >
      {children}
      {keys !== undefined && <kbd>{keys}</kbd>}
      {refusal !== null && !may(scope) && <span class="needs">needs {scope}</span>}
    </button>
  );
}
