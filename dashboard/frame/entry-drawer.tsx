/** One entry, whole: what it says, what it is sealed with, and what the venue sent. */
import type { Entry } from '../api/account.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { EntryLink } from '../parts/entry-link.tsx';
import { Instant } from '../parts/instant.tsx';
import { Over } from '../parts/over.tsx';
import { Whole } from '../parts/whole.tsx';
import { close } from '../state/overlays.ts';
import { useReading } from '../state/reading.ts';
import { accountApi } from '../words/addresses.ts';

interface EntryDrawerProps {
  readonly account: string;
  readonly sequence: number;
}

export function EntryDrawer({ account, sequence }: EntryDrawerProps) {
  const url = `${accountApi(account)}/entries/${sequence}`;
  const reading = useReading<Entry>(url);
  return (
    <Over title={`Entry #${sequence} of ${account}`} kind="drawer" onClose={close}>
      <Whole reading={reading} heads={['What is stored']}>
        {(entry) => <EntryWhole entry={entry} />}
      </Whole>
    </Over>
  );
}

function EntryWhole({ entry }: { readonly entry: Entry }) {
  const { account, words, kind, id, recordedAt, effectiveAt, reason, causedBy, amendedBy } = entry;
  const { stored, batch, heard, raw } = entry;
  const known = Object.entries(stored).filter(
    ([name, value]) => value !== null && name !== 'body' && name !== 'v',
  );
  return (
    <>
      <p class="cause">{words}</p>
      <dl class="pairs">
        <dt>Kind</dt>
        <dd>{kind}</dd>
        <dt>Recorded</dt>
        <dd>
          <Instant time={recordedAt} />
        </dd>
        <dt>Happened</dt>
        <dd>
          <Instant time={effectiveAt} />
        </dd>
        {reason !== null && (
          <>
            <dt>Reason</dt>
            <dd>{reason}</dd>
          </>
        )}
        {known.map(([name, value]) => (
          <Pair key={name} name={name} value={String(value)} />
        ))}
        <dt>Id</dt>
        <dd>
          <CopyButton label={id} text={id} />
        </dd>
        <dt>Told by</dt>
        <dd>
          {heard === null ? (
            'no message that is kept: a list, an import or a program'
          ) : (
            <>
              the stream {heard.stream}, <Instant time={heard.at} />
            </>
          )}
        </dd>
        <dt>Caused by</dt>
        <dd>{causedBy === null ? '—' : <EntryLink account={account} sequence={causedBy} />}</dd>
        <dt>Amended by</dt>
        <dd>
          {amendedBy.length === 0 && '—'}
          {amendedBy.map((sequence) => (
            <EntryLink key={sequence} account={account} sequence={sequence} />
          ))}
        </dd>
        <dt>Sealed with</dt>
        <dd>
          #{batch.first}–#{batch.last} <CopyButton label={batch.hash} text={batch.hash} />
        </dd>
      </dl>
      {typeof stored['body'] === 'string' && <Text title="As it is stored" text={stored['body']} />}
      {raw === null ? (
        <p class="quiet raw-note">No message of the venue is kept for it.</p>
      ) : (
        <Text title="What the venue sent" text={raw} />
      )}
    </>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="figures">{value}</dd>
    </>
  );
}

function Text({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section class="section">
      <header class="section-head">
        <h3>{title}</h3>
        <div class="section-aside">
          <CopyButton label="copy" text={text} />
        </div>
      </header>
      <pre>{text}</pre>
    </section>
  );
}
