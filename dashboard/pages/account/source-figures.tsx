/** The total that a bot stores, and what its own rows add up to. */
import type { ComponentChildren } from 'preact';
import type { StoredFigures } from '../../api/rows.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Shape } from '../../parts/shape.tsx';
import { alikeOf } from '../../words/alike.ts';
import { sideShape, sideWord } from '../../words/break-words.ts';

interface SourceFiguresProps {
  readonly figures: StoredFigures;
  readonly currency: string;
}

export function SourceFigures({ figures, currency }: SourceFiguresProps) {
  const { stored, storedAt, calculated, known, difference, state, why } = figures;
  const { cash, positionsValue, unrealisedPnl, recordAt, unknown, advice } = figures;
  return (
    <dl class="facts">
      {advice !== null && (
        <Fact words="No verdict">
          <span class="price-advice">{advice}</span>
        </Fact>
      )}
      <Fact words="Stored total" first>
        <Amount value={stored} unit={currency} />
        {why !== null && <span class="quiet"> {why}</span>}
      </Fact>
      <Fact words="Calculated">
        <Amount value={calculated} unit={currency} />
        {calculated === null && (
          <span class="quiet">
            {' '}
            known <Amount value={known} unit={currency} />
          </span>
        )}
      </Fact>
      <Fact words="Difference">
        <Amount value={difference} signed />{' '}
        <span class={`side side-${state}`}>
          <Shape name={sideShape[state]} size={11} /> {sideWord[state]}
        </span>
        {figures.break !== null && (
          <>
            {' '}
            <a href={`/breaks/${figures.break.id}`}>{figures.break.title}</a>
          </>
        )}
      </Fact>
      <Fact words="Total written">
        <Ago time={storedAt} never="not kept" />
      </Fact>
      <Fact words="Cash">
        <Amount value={cash} />
      </Fact>
      <Fact words="Positions">
        <Amount value={positionsValue} />
      </Fact>
      <Fact words="Unrealised">
        <Amount value={unrealisedPnl} signed />
      </Fact>
      <Fact words="Last record">
        <Ago time={recordAt} />
      </Fact>
      {alikeOf(unknown).map(({ whats, why: because }) => (
        <Fact key={whats.join()} words={`Not known: ${whats.join(', ')}`}>
          <span class="quiet">{because}</span>
        </Fact>
      ))}
    </dl>
  );
}

interface FactProps {
  readonly words: string;
  readonly first?: boolean;
  readonly children: ComponentChildren;
}

const Fact = ({ words, first = false, children }: FactProps) => (
  <div class={first ? 'fact-first' : undefined}>
    <dt>{words}</dt>
    <dd>{children}</dd>
  </div>
);
