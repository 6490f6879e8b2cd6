/** What the keyboard does on every page. */
import { useLayoutEffect } from 'preact/hooks';
import { refusalOf } from '../parts/action-button.tsx';
import { everywhere } from '../state/commands.ts';
import { go, setQuery } from '../state/location.ts';
import { tell } from '../state/notices.ts';
import { open } from '../state/overlays.ts';
import { askAll } from '../state/reading.ts';
import { blurred, theme } from '../state/settings.ts';
import { post, tellFailed } from '../state/writing.ts';
import { type Checked, checkedWords } from '../words/check-words.ts';
import { places } from './places.ts';
import { openWhyAtFocus } from './why-at-focus.ts';

export function useFrameCommands(): void {
  useLayoutEffect(() => {
    everywhere.value = [
      ...places.map(({ to, words, keys }) => ({
        keys,
        words: `Go to ${words}`,
        run: () => go(to),
      })),
      { keys: 'g o', words: 'Go to orders', run: () => go('/accounts?view=orders') },
      {
        keys: 'Ctrl-K',
        words: 'Search and commands',
        run: () => open({ name: 'palette' }),
        quiet: true,
      },
      {
        keys: 'w',
        words: 'Why this number',
        run: openWhyAtFocus,
        quiet: true,
      },
      { keys: '.', words: 'Look at the past', run: () => open({ name: 'as-of' }) },
      { keys: null, words: 'Back to now', run: () => setQuery({ as_of: null }) },
      { keys: 'b', words: 'Blur amounts', run: blur },
      { keys: '/', words: 'Filter', run: focusFilter, quiet: true },
      { keys: null, words: 'Theme: dark', run: () => setTheme('dark') },
      { keys: null, words: 'Theme: light', run: () => setTheme('light') },
      { keys: null, words: 'Check everything now', run: () => void checkNow() },
      { keys: '?', words: 'Keys', run: () => open({ name: 'keys' }) },
      { keys: 'Esc', words: 'Back', run: back, quiet: true },
    ];
  }, []);
}

const blur = () => {
  blurred.value = blurred.value === 'yes' ? 'no' : 'yes';
};

const setTheme = (name: 'dark' | 'light') => {
  theme.value = name;
};

const focusFilter = () => document.querySelector<HTMLElement>('[data-filter]')?.focus();

/** Out of a field, else a page back; what lies over the page has a way out of its own. */
function back(): void {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.matches('input, textarea, select')) {
    activeElement.blur();
  } else if (history.length > 1) history.back();
}

async function checkNow(): Promise<void> {
  const refusal = refusalOf('repair', null);
  if (refusal !== null) {
    tell({ tone: 'failed', words: refusal, detail: null, undo: null });
    return;
  }
  const written = await post('/api/v1/checks');
  if (written.ok) {
    const accounts = (written.answer['accounts'] ?? []) as readonly Checked[];
    tell({ ...checkedWords(accounts), undo: null });
  } else tellFailed(written.problem);
  await askAll();
}
