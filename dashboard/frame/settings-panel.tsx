/** How the page looks, and who looks at it. */
import type { Signal } from '@preact/signals';
import { Over } from '../parts/over.tsx';
import { close } from '../state/overlays.ts';
import { session, signOut } from '../state/session.ts';
import { blurred, palette, theme, zone } from '../state/settings.ts';

export function SettingsPanel() {
  return (
    <Over title="Appearance" onClose={close}>
      <div class="settings">
        <Choice
          label="Theme"
          value={theme}
          choices={{ system: 'as the system', dark: 'dark', light: 'light' }}
        />
        <Choice
          label="Colours"
          value={palette}
          choices={{ usual: 'green and red', 'colour-blind': 'blue and orange' }}
        />
        <Choice label="Times" value={zone} choices={{ utc: 'UTC', local: 'of this machine' }} />
        <Choice label="Amounts" value={blurred} choices={{ no: 'shown', yes: 'blurred (b)' }} />
        <p class="settings-user">
          Signed in as <b>{session.value?.actor ?? 'nobody'}</b> · may{' '}
          {session.value?.scopes.join(', ') ?? 'nothing'}
        </p>
        <button
          type="button"
          class="button"
          onClick={() => {
            close();
            void signOut();
          }}
        >
          Sign out
        </button>
      </div>
    </Over>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: Signal<T>;
  readonly choices: Readonly<Record<T, string>>;
}

function Choice<T extends string>({ label, value, choices }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {(Object.keys(choices) as T[]).map((name) => (
        <label key={name}>
          <input
            type="radio"
            name={label}
            checked={value.value === name}
            onChange={() => {
              value.value = name;
            }}
          />
          {choices[name]}
        </label>
      ))}
    </fieldset>
  );
}
