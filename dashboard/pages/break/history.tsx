/** Every change of a break's state: when, who, and the hash that proves it. */
import type { Break } from '../../api/breaks.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Section } from '../../parts/section.tsx';

export function History({ one }: { readonly one: Break }) {
  return (
    <Section title="History">
      <ol class="history">
        {one.history.map(({ sequence, at, state, words, by, hash }) => (
          <li key={sequence}>
            <Instant time={at} />
            <span>
              <b>{state.toLowerCase().replaceAll('_', ' ')}</b>{' '}
              {words.replace(`${one.id} ${state}`, '').trim()}
              {by !== null && !words.includes(`by ${by}`) && <span class="quiet"> by {by}</span>}
            </span>
            <CopyButton label={`#${sequence} ${hash.slice(0, 8)}`} text={hash} />
          </li>
        ))}
      </ol>
    </Section>
  );
}
