/** The gravest breaks, each as one sentence with what it is worth and who has to act. */
import type { BreakSummary } from '../../api/breaks.ts';
import type { Scope } from '../../api/home.ts';
import { Since } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Confidence } from '../../parts/confidence.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { Section } from '../../parts/section.tsx';
import { SeverityWord } from '../../parts/severity-word.tsx';
import { Shape } from '../../parts/shape.tsx';
import { Waits } from '../../parts/waits.tsx';
import { go } from '../../state/location.ts';
import { placesOf } from '../../words/amounts.ts';
import { shapeOfState } from '../../words/break-words.ts';

interface BreakListProps {
  readonly breaks: readonly BreakSummary[];
  readonly scope: Scope;
}

export function BreakList({ breaks, scope }: BreakListProps) {
  const chosen = useRowKeys(breaks, ({ id }) => go(`/breaks/${id}`));
  const places = placesOf(breaks.map(({ gross }) => gross));
  return (
    <Section
      title="Breaks"
      aside={
        <a href="/breaks" class="arrow">
          open inbox
        </a>
      }
    >
      {breaks.length === 0 && <NoBreaks scope={scope} />}
      <ol class="break-list">
        {breaks.map((one, index) => (
          <li key={one.id} data-selected={index === chosen ? 'yes' : undefined}>
            <a href={`/breaks/${one.id}`} class={index === chosen ? 'is-selected' : ''}>
              <Shape name={shapeOfState(one.state)} />
              <span class="break-list-what">
                <b>{one.title}</b>
                <span class="quiet">
                  <SeverityWord severity={one.severity} /> {whereOf(one)} ·{' '}
                  <Confidence confidence={one.confidence} /> · <Waits on={one.waitsFor} />
                </span>
              </span>
              <span class="break-list-sum">
                <Amount value={one.gross} places={places} />
                <span class="quiet">
                  <Since time={one.openedAt} />
                </span>
              </span>
            </a>
          </li>
        ))}
      </ol>
    </Section>
  );
}

const whereOf = ({ account, keys }: BreakSummary) => `${account} ${keys.join(', ')}`;

function NoBreaks({ scope }: { readonly scope: Scope }) {
  if (scope.cannotSay > 0) {
    const many = scope.cannotSay === 1 ? 'one account' : `${scope.cannotSay} accounts`;
    return (
      <Empty title="No break is known">
        Nothing can be said of {many}: not checked is not clean.
      </Empty>
    );
  }
  const since =
    scope.accounts
      .map(({ trueSince }) => trueSince)
      .sort()
      .at(-1) ?? null;
  return (
    <Empty title="No breaks">
      {since === null ? (
        'Every account was compared.'
      ) : (
        <>
          True for <Since time={since} />.
        </>
      )}
    </Empty>
  );
}
