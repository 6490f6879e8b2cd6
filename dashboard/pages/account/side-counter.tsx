/** How many lines differ, of which instant that is, and what was not told at all. */
import { useContext } from 'preact/hooks';
import type { SectionTold, Sides } from '../../api/sides.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { EntryLink } from '../../parts/entry-link.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Old } from '../../parts/old.ts';
import { Shape } from '../../parts/shape.tsx';
import { sideWord, verdictWord } from '../../words/break-words.ts';
import { counterOf, sectionWord } from '../../words/side-words.ts';

export function SideCounter({ sides }: { readonly sides: Sides }) {
  const isOld = useContext(Old);
  const { counts, complete, statementAt, sequence, verdict, account } = sides;
  const fresh = sides.fresh && !isOld;
  const { shape, words } = counterOf({ counts, fresh, complete });
  return (
    <div class={`sides-head sides-${shape}`}>
      <p class="sides-count" role="status">
        <Shape name={shape} size={20} />
        <b>
          <Amount value={String(counts.different)} />
        </b>{' '}
        {words}
      </p>
      <Proportions counts={counts} fresh={fresh} />
      <p class="sides-when">
        <span>
          Both sides are of <Instant time={statementAt} /> (<Ago time={statementAt} />
          ); the book as it is in force now: what was booked late or repaired since is in it.
        </span>{' '}
        {sequence !== null && verdict !== null && (
          <span>
            The check that noted it said {verdictWord[verdict]}
            <EntryLink account={account} sequence={sequence} />
          </span>
        )}
      </p>
      <Told sections={sides.sections} party={sides.party ?? 'venue'} />
    </div>
  );
}

const parts = ['different', 'unknown', 'settling', 'foreign', 'within-tolerance', 'equal'] as const;

/** For the eye; the same figures stand beside it as words. */
function Proportions({ counts, fresh }: Pick<Sides, 'counts' | 'fresh'>) {
  const there = parts.filter((name) => counts[name] > 0);
  return (
    <div class={`proportions${fresh ? '' : ' is-stale'}`}>
      <div class="proportions-bar" aria-hidden="true">
        {there.map((name) => (
          <i key={name} class={`part-${name}`} style={{ flexGrow: counts[name] }} />
        ))}
      </div>
      <p class="proportions-words">
        {there.map((name) => (
          <span key={name}>
            {counts[name]} {sideWord[name]}
          </span>
        ))}
      </p>
    </div>
  );
}

interface ToldProps {
  readonly sections: readonly SectionTold[];
  readonly party: string;
}

/** An empty side is one of three things: nothing is there, not all was told, or nothing was. */
function Told({ sections, party }: ToldProps) {
  const told = sections.filter(({ told: much }) => much !== 'nothing');
  const lacking = sections.filter(({ why }) => why !== null);
  return (
    <>
      <p class="sides-told">
        The {party} told:{' '}
        {told.map(({ section, items, from, to }, index) => (
          <span key={section}>
            {index > 0 && ' · '}
            {sectionWord[section]} <b class="figures">{items}</b>
            {from !== null && to !== null && (
              <span class="quiet">
                {' '}
                <Instant time={from} /> – <Instant time={to} />
              </span>
            )}
          </span>
        ))}
      </p>
      {lacking.length > 0 && (
        <ul class="sides-lacking" aria-label="What was not told">
          {lacking.map(({ section, told: much, why }) => (
            <li key={section}>
              <b>{sectionWord[section]}</b> {much === 'part' && <span>in part: </span>}
              {why}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
