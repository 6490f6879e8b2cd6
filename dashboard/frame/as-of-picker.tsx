/** Looks at the books as they were. */
import { useState } from 'preact/hooks';
import { Over } from '../parts/over.tsx';
import { now } from '../state/clock.ts';
import { asOf, setQuery } from '../state/location.ts';
import { close } from '../state/overlays.ts';

const hourMs = 3_600_000;
const presets: readonly (readonly [string, number])[] = [
  ['an hour ago', hourMs],
  ['24 hours ago', 24 * hourMs],
  ['7 days ago', 7 * 24 * hourMs],
];

const secondText = (ms: number) => new Date(ms).toISOString().slice(0, 19);

/** A browser leaves the seconds out where there are none. */
const instantOf = (field: string) => `${field.length === 16 ? `${field}:00` : field}Z`;

export function AsOfPicker() {
  const [text, setText] = useState(asOf.value?.slice(0, 19) ?? secondText(now.value));
  const look = (instant: string | null) => {
    setQuery({ as_of: instant });
    close();
  };
  return (
    <Over title="Look at the books as they were" onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          look(instantOf(text));
        }}
      >
        <label>
          Instant, UTC
          <input
            type="datetime-local"
            step={1}
            value={text}
            max={secondText(now.value)}
            required
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <p class="buttons">
          {presets.map(([words, ms]) => (
            <button
              key={words}
              type="button"
              class="button"
              onClick={() => look(instantOf(secondText(now.value - ms)))}
            >
              {words}
            </button>
          ))}
        </p>
        <p class="buttons">
          <button type="submit" class="button button-primary">
            Look
          </button>
          <button type="button" class="button" onClick={() => look(null)}>
            Now
          </button>
        </p>
      </form>
    </Over>
  );
}
