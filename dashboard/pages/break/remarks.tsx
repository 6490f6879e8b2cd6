/** What people said about a break. */
import type { Break } from '../../api/breaks.ts';
import { Ago } from '../../parts/ago.tsx';
import { Section } from '../../parts/section.tsx';

export function Remarks({ one }: { readonly one: Break }) {
  const { remarks } = one;
  if (remarks.length === 0) return null;
  return (
    <Section title="Comments">
      <ol class="remarks">
        {remarks.map(({ at, by, text, sequence }) => (
          <li key={sequence}>
            <p>{text}</p>
            <p class="quiet">
              {by} · <Ago time={at} /> · #{sequence}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
