/** What the keyboard and the palette can do: those of the page that is shown, and those of all. */
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface Command {
  /** As it is typed: `j`, `Enter`, `g h`, `Ctrl-K`; null: in the palette only. */
  readonly keys: string | null;
  readonly words: string;
  readonly run: () => void;
  /** Left out of the palette: moving about in a list. */
  readonly quiet?: boolean;
}

/** Of the page, newest first: a drawer's before the page's under it. */
const layers = signal<readonly (readonly Command[])[]>([]);
export const everywhere = signal<readonly Command[]>([]);

export const commandsNow = (): readonly Command[] => [...layers.value.flat(), ...everywhere.value];

/** While the caller is shown. */
export function useCommands(commands: readonly Command[]): void {
  const newest = useRef(commands);
  newest.current = commands;
  // Before it is seen: whoever sees a page and types at once is understood.
  useLayoutEffect(() => {
    // Those of the newest drawing are run; the list itself changes only as it comes and goes.
    const layer = newest.current.map((one, index) => ({
      ...one,
      run: () => newest.current[index]?.run(),
    }));
    layers.value = [layer, ...layers.value];
    return () => {
      layers.value = layers.value.filter((one) => one !== layer);
    };
  }, [commands.map(({ keys, words }) => `${keys} ${words}`).join('\n')]);
}

let pending: string | null = null;
let pendingAt = 0;
const pendingMs = 1200;

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    const pressed = nameOf(event);
    if (pressed === null || (isTyping(event.target) && !/^(Esc|Ctrl-)/.test(pressed))) return;
    if (pressed === 'Enter' && isControl(event.target)) return;
    const first = pending !== null && Date.now() - pendingAt < pendingMs ? `${pending} ` : '';
    const found = commandsNow().find(({ keys }) => keys === first + pressed);
    pending = null;
    if (found !== undefined) {
      event.preventDefault();
      found.run();
    } else if (first === '' && commandsNow().some(({ keys }) => keys?.startsWith(`${pressed} `))) {
      pending = pressed;
      pendingAt = Date.now();
    }
  });
}

function nameOf(event: KeyboardEvent): string | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    return event.key.toLowerCase() === 'k' ? 'Ctrl-K' : null;
  }
  return event.key === 'Escape' ? 'Esc' : event.key;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('input:not([type=checkbox]), textarea, select');

/** Enter presses what has the focus. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches('a, button, summary, [role=button]');
