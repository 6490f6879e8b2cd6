/** Why: one sentence. Where it is not known, what comes nearest and what would decide it. */
import type { Break } from '../../api/breaks.ts';
import { Amount } from '../../parts/amount.tsx';
import { Confidence } from '../../parts/confidence.tsx';
import { ReasonLink } from '../../parts/reason-link.tsx';
import { Section } from '../../parts/section.tsx';
import { Shape } from '../../parts/shape.tsx';
import { isZero } from '../../words/amounts.ts';

export function Cause({ one }: { readonly one: Break }) {
  const { explanation, confidence } = one;
  const { sentence, residual, residuals, candidates = [], gaveUp } = explanation;
  return (
    <Section title="Why" aside={<Confidence confidence={confidence} />}>
      <p class="cause">{sentence}</p>
      <Left residual={residual} residuals={residuals} />
      {candidates.length > 0 && (
        <>
          <p class="quiet">These would explain it alike, so none was picked:</p>
          <ul class="plain">
            {candidates.map(({ reason, name, sentence: idea }) => (
              <li key={`${reason} ${name}`}>
                {idea} <ReasonLink reason={reason} />
              </li>
            ))}
          </ul>
        </>
      )}
      {gaveUp !== undefined && <p class="quiet">The search ended early: {gaveUp}</p>}
    </Section>
  );
}

/** What the cause does not explain of each line; where that is nothing, it says so. */
function Left({ residual, residuals }: Pick<Break['explanation'], 'residual' | 'residuals'>) {
  const left = residuals.filter(({ residual: each }) => each === null || !isZero(each));
  if (left.length > 0) {
    return (
      <ul class="plain">
        {left.map(({ what, key, residual: each }) => (
          <li key={`${what} ${key}`}>
            leaves <Amount value={each} signed /> of {key} <span class="quiet">{what}</span>
          </li>
        ))}
      </ul>
    );
  }
  if (residual === null) return null;
  return isZero(residual) ? (
    <p class="quiet">
      <Shape name="true" size={11} /> It leaves nothing unexplained.
    </p>
  ) : (
    <p class="quiet">
      It leaves <Amount value={residual} signed />.
    </p>
  );
}
