/** Ctrl-K: go anywhere, do anything, by a few letters of its name. */
import { useState } from 'preact/hooks';
import { Over } from '../parts/over.tsx';
import { type Command, commandsNow } from '../state/commands.ts';
import { go } from '../state/location.ts';
import { close } from '../state/overlays.ts';
import { useHome } from '../state/verdict.ts';
import { accountAddress } from '../words/addresses.ts';

export function CommandPalette() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useChoices()
    .filter(({ words }) => fits(words, text))
    .slice(0, 12);
  const index = Math.min(chosen, found.length - 1);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    close();
    command.run();
  };
  const move = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      setChosen(Math.max(0, Math.min(found.length - 1, index + by)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[index]);
    }
  };
  return (
    <Over title="Search and commands" kind="palette" onClose={close}>
      <input
        class="palette-input"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length === 0 ? undefined : `palette-${index}`}
        aria-label="A page, an account, a break or what to do"
        placeholder="A page, an account, a break, or what to do"
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={move}
      />
      <div
        id="palette-list"
        class="palette-list"
        role="listbox"
        aria-label="What fits"
        tabIndex={-1}
      >
        {found.map((command, at) => (
          <div
            key={`${command.keys} ${command.words}`}
            id={`palette-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === index}
            onClick={() => run(command)}
            onKeyDown={() => undefined}
          >
            <span>{command.words}</span>
            {command.keys !== null && <kbd>{command.keys}</kbd>}
          </div>
        ))}
        {found.length === 0 && (
          <div class="quiet" role="option" aria-selected="false" tabIndex={-1}>
            Nothing is called that
          </div>
        )}
      </div>
    </Over>
  );
}

/** Commands, and what is known by name: breaks and accounts. */
function useChoices(): readonly Command[] {
  const { data } = useHome();
  const breaks = (data?.breaks ?? []).map(({ id, title, account }) => ({
    ...{ keys: null, words: `${id} ${title}, ${account}` },
    run: () => go(`/breaks/${id}`),
  }));
  const accounts = [data?.live, data?.paper].flatMap((scope) => scope?.accounts ?? []);
  return [
    ...commandsNow().filter(({ quiet = false }) => !quiet),
    ...breaks,
    ...accounts.map(({ account }) => ({
      ...{ keys: null, words: `Account ${account}` },
      run: () => go(accountAddress(account)),
    })),
  ];
}

/** Its letters, in their order. */
function fits(words: string, text: string): boolean {
  let at = 0;
  const letters = words.toLowerCase();
  return [...text.toLowerCase().replace(/\s+/g, '')].every((letter) => {
    at = letters.indexOf(letter, at) + 1;
    return at > 0;
  });
}
