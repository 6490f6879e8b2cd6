/** How somebody likes the page; kept in the browser, and nowhere else. */
import { effect, signal } from '@preact/signals';
import type { Mode } from '../api/forms.ts';
import type { Zone } from '../words/times.ts';

export type Theme = 'system' | 'dark' | 'light';
export type Palette = 'usual' | 'colour-blind';

const prefix = 'trueup.';

/** A browser that keeps nothing gives nothing back. */
const kept = (name: string): string | null => {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null; // Storage is switched off: the usual settings hold.
  }
};

function setting<T extends string>(name: string, usual: T, allowed: readonly T[]) {
  const found = allowed.find((one) => one === kept(name));
  const value = signal<T>(found ?? usual);
  effect(() => {
    try {
      localStorage.setItem(prefix + name, value.value);
    } catch {
      // Storage is switched off: it holds until the page is closed.
    }
  });
  return value;
}

export const theme = setting<Theme>('theme', 'system', ['system', 'dark', 'light']);
export const palette = setting<Palette>('palette', 'usual', ['usual', 'colour-blind']);
export const zone = setting<Zone>('zone', 'utc', ['utc', 'local']);
export const blurred = setting<'no' | 'yes'>('blur', 'no', ['no', 'yes']);
/** Which of the two is looked at: they are never added. */
export const mode = setting<Mode>('mode', 'live', ['live', 'paper']);

/** Counts how often the system went from dark to light or back: what is painted is painted anew. */
export const systemThemes = signal(0);

/** On the root element, where the style sheets look. */
export function wearSettings(root: HTMLElement): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    systemThemes.value += 1;
  });
  effect(() => {
    root.dataset['theme'] = theme.value;
    root.dataset['palette'] = palette.value;
    root.dataset['blur'] = blurred.value;
    root.dataset['mode'] = mode.value;
  });
}
