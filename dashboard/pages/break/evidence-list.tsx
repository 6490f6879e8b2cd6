/** How that is known, oldest first, and what it was not. */
import type { Explanation } from '../../api/breaks.ts';
import { Amount } from '../../parts/amount.tsx';
import { EntryLink } from '../../parts/entry-link.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ReasonLink } from '../../parts/reason-link.tsx';
import { Section } from '../../parts/section.tsx';
import { placesOf } from '../../words/amounts.ts';

interface EvidenceListProps {
  readonly account: string;
  readonly explanation: Explanation;
}

export function EvidenceList({ account, explanation }: EvidenceListProps) {
  const { evidence, ruledOut } = explanation;
  const places = placesOf(evidence.map(({ effect }) => effect));
  return (
    <>
      <Section
        title="Evidence"
        aside={
          <span class="quiet">
            {evidence.length === 1 ? 'one piece' : `${evidence.length} pieces`}
          </span>
        }
      >
        {evidence.length === 0 && <p class="quiet">There is none: nobody told anything of it.</p>}
        <ol class="timeline">
          {evidence.map(({ at, what, id, source, effect, sequence }, index) => (
            <li key={`${id} ${source} ${sequence ?? index}`}>
              <Instant time={at} />
              <span class={`party party-${source}`}>{source}</span>
              <span class="timeline-what">
                {what} <code>{id}</code>
                {sequence !== undefined && <EntryLink account={account} sequence={sequence} />}
              </span>
              {effect === null ? (
                <span class="quiet">—</span>
              ) : (
                <Amount value={effect} signed toned places={places} />
              )}
            </li>
          ))}
        </ol>
      </Section>
      {ruledOut.length > 0 && (
        <Section title="Ruled out">
          <ul class="ruled-out">
            {ruledOut.map(({ reason, why, residual }) => (
              <li key={`${reason} ${why}`}>
                <ReasonLink reason={reason}>{reason.toLowerCase().replaceAll('_', ' ')}</ReasonLink>
                <span>{why}</span>
                {residual !== null && (
                  <span class="quiet">
                    would leave <Amount value={residual} signed />
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
