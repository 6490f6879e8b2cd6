/** What nothing can be said of: not checked is not clean. */
import type { Unknown } from '../../api/breaks.ts';
import { Ago } from '../../parts/ago.tsx';
import { Section } from '../../parts/section.tsx';
import { Shape } from '../../parts/shape.tsx';

export function UnknownList({ unknown }: { readonly unknown: readonly Unknown[] }) {
  if (unknown.length === 0) return null;
  return (
    <Section title="Cannot say">
      <ul class="unknowns">
        {unknown.map(({ account, section, scope, why, since }) => (
          <li key={`${account} ${section} ${scope}`}>
            <Shape name="cannot-say" />
            <b>{account}</b>
            <span>
              {section}
              {scope === null ? '' : ` of ${scope}`}
            </span>
            <span>{why}</span>
            <span class="quiet">
              <Ago time={since} never="since it was opened" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
