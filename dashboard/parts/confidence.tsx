/** How sure the cause is: three dots, two or none, and the word. */
import type { Confidence as Sure } from '../api/forms.ts';

const filled: Readonly<Record<Sure, number>> = { proven: 3, likely: 2, unexplained: 0 };

export function Confidence({ confidence }: { readonly confidence: Sure }) {
  return (
    <span class={`confidence confidence-${confidence}`}>
      {confidence}
      <svg width="23" height="7" viewBox="0 0 23 7" aria-hidden="true">
        {[0, 1, 2].map((at) => (
          <circle
            key={at}
            cx={3.5 + at * 8}
            cy="3.5"
            r="2.6"
            class={at < filled[confidence] ? 'is-filled' : ''}
          />
        ))}
      </svg>
    </span>
  );
}
