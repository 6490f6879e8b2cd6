/** What a bot's own database says of the account, beside what knows better. Of now alone. */
import type { ComponentChildren } from 'preact';
import type { Account } from '../../api/account.ts';
import type { Rows, StoredRow } from '../../api/rows.ts';
import { Ago } from '../../parts/ago.tsx';
import { Old } from '../../parts/old.ts';
import { Origin, type TheirOrigin } from '../../parts/origin.ts';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { Section } from '../../parts/section.tsx';
import { Whole } from '../../parts/whole.tsx';
import { asOf } from '../../state/location.ts';
import { usePages } from '../../state/pages.ts';
import { accountApi } from '../../words/addresses.ts';
import { SourceFigures } from './source-figures.tsx';
import { keyOf, SourceRows } from './source-rows.tsx';

const byRow = { itemsOf: ({ items }: Rows) => items, keyOf };

interface SourceSectionProps {
  readonly one: Account;
  /** What the book holds: of an account that is known by its database alone, that is nothing. */
  readonly children: ComponentChildren;
}

export function SourceSection({ one, children }: SourceSectionProps) {
  const { source, balances, positions } = one;
  const isBooked = balances.some(({ lastSequence }) => lastSequence !== null);
  const isAlone = source !== null && !isBooked && positions.length === 0;
  return (
    <>
      {(!isAlone || asOf.value !== null) && children}
      {asOf.value === null && <Database account={one.account} />}
    </>
  );
}

function Database({ account }: { readonly account: string }) {
  const url = `${accountApi(account)}/rows?limit=200`;
  const pages = usePages<Rows, StoredRow>(url, byRow);
  const { first, items, more } = pages;
  // Most accounts are of no bot's database: nothing is said of what is not there.
  if (first.data === null && first.problem === null) return null;
  if (first.data?.source === null) return null;
  return (
    <Section title="The bot's database" id="source" aside={<Looked rows={first.data} />}>
      <Whole reading={first} heads={['Symbol', 'Stored', 'Held', 'Difference']}>
        {(rows) => (
          <Origin.Provider value={originOf(account, rows)}>
            <Silence rows={rows} />
            <Old.Provider value={rows.why !== null}>
              <div class={rows.why === null ? '' : 'is-old'}>
                {rows.figures !== null && (
                  <SourceFigures figures={rows.figures} currency={rows.currency} />
                )}
                <SourceRows rows={rows} items={items} more={more} />
              </div>
            </Old.Provider>
            <ReadingOn pages={pages} words="rows" />
          </Origin.Provider>
        )}
      </Whole>
    </Section>
  );
}

/** The book makes none of these numbers: it looks at them. */
const originOf = (account: string, { source, lookedAt }: Rows): TheirOrigin => ({
  title: `${account}, by the bot’s own database`,
  words:
    lookedAt === null
      ? `${source?.name ?? 'It'} was not looked at yet.`
      : `Stored in ${source?.name ?? 'it'}, or made of its rows, as it was looked at ${lookedAt}.`,
  links: [{ words: 'what was found in it, look by look', to: sourceTrail(account) }],
});

const sourceTrail = (account: string): string =>
  `/audit?${new URLSearchParams({ account, kind: 'source' })}`;

function Looked({ rows }: { readonly rows: Rows | null }) {
  if (rows?.source == null) return null;
  return (
    <span class="quiet">
      <code>{rows.source.name}</code> · looked at <Ago time={rows.lookedAt} />
    </span>
  );
}

/** What was seen before stays, and says of when it is. */
function Silence({ rows: { why, lookedAt, source } }: { readonly rows: Rows }) {
  if (why === null) {
    return source!.shut === null ? null : <p class="quiet">{source!.shut}</p>;
  }
  return (
    <p class="hold" role="status">
      It cannot be looked at now: {why}.{' '}
      {lookedAt === null ? (
        'Nothing is known of what it stores.'
      ) : (
        <>
          What is shown is of <Ago time={lookedAt} />.
        </>
      )}
    </p>
  );
}
