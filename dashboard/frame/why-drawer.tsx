/** Why a number is what it is: the formula, and each entry that moved it, newest first. */
import type { Why, WhyEntry } from '../api/account.ts';
import { Amount } from '../parts/amount.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { EntryLink } from '../parts/entry-link.tsx';
import { Instant } from '../parts/instant.tsx';
import { Over } from '../parts/over.tsx';
import { ReadingOn } from '../parts/reading-on.tsx';
import { Whole } from '../parts/whole.tsx';
import type { WhyAsked } from '../state/figure.ts';
import { asOf } from '../state/location.ts';
import { close } from '../state/overlays.ts';
import { usePages, useReadOn } from '../state/pages.ts';
import { accountApi } from '../words/addresses.ts';
import { placesOf } from '../words/amounts.ts';

const bySequence = {
  itemsOf: ({ entries }: Why) => entries,
  keyOf: ({ sequence }: WhyEntry) => String(sequence),
};

export function WhyDrawer({ asked }: { readonly asked: WhyAsked }) {
  const { account, what, key, leg, span } = asked;
  const search = new URLSearchParams({
    ...{ what, key, ...(leg === null ? {} : { leg }), ...(span === undefined ? {} : { span }) },
  });
  const url = `${accountApi(account)}/why?${search}`;
  const pages = usePages<Why, WhyEntry>(url, bySequence);
  const { first, items, isWhole } = pages;
  const on = useReadOn(items.length, pages);
  const places = placesOf(items.flatMap(({ change, after }) => [change, after]));
  return (
    <Over title="Why this number" kind="drawer" onClose={close}>
      <Whole reading={first} heads={['Entry', 'Change', 'After']}>
        {(why) => (
          <>
            <p class="why-total">
              <span class="quiet">
                {account} · {what} {key === '*' ? 'of the account' : key}
                {leg === null || leg === 'net' ? '' : ` ${leg}`}
              </span>
              <Amount value={why.total} />
            </p>
            <p class="why-formula">{why.formula}</p>
            {asOf.value !== null && (
              <p class="quiet">Up to the instant that is looked at, as it is in force now.</p>
            )}
            {items.length === 0 && isWhole && (
              <Empty title="No entry moved it">It is as it was opened.</Empty>
            )}
            <ol class="why-entries">
              {items.map((entry) => (
                <WhyRow key={entry.sequence} account={account} entry={entry} places={places} />
              ))}
            </ol>
            {on.more !== null && (
              <button type="button" class="button" onClick={on.more}>
                Older entries
              </button>
            )}
            <ReadingOn pages={pages} on={on} words="entries" />
          </>
        )}
      </Whole>
    </Over>
  );
}

interface WhyRowProps {
  readonly account: string;
  readonly entry: WhyEntry;
  readonly places: number;
}

function WhyRow({ account, entry, places }: WhyRowProps) {
  const { sequence, time, words, change, after, hash, raw } = entry;
  return (
    <li>
      <p class="why-words">
        <EntryLink account={account} sequence={sequence} /> {words}
      </p>
      <p class="why-figures">
        <Instant time={time} />
        <Amount value={change} signed toned places={places} />
        <span class="why-after">
          <span class="quiet">then</span> <Amount value={after} places={places} />
        </span>
      </p>
      <details>
        <summary>{raw === null ? 'hash' : 'the venue’s own message, and hash'}</summary>
        {raw !== null && <pre>{raw}</pre>}
        <CopyButton label={`${hash.slice(0, 16)}…`} text={hash} />
      </details>
    </li>
  );
}
