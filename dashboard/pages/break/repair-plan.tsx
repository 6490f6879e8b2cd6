/** What would be written, and each figure before, after, and what is left against theirs. */
import type { Break, Effect } from '../../api/breaks.ts';
import { Amount } from '../../parts/amount.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EntryLink } from '../../parts/entry-link.tsx';
import { Section } from '../../parts/section.tsx';
import { Shape } from '../../parts/shape.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { isZero, negated, placesOf, sumOf } from '../../words/amounts.ts';
import { limitNote, limitText } from '../../words/limit-words.ts';

export function RepairPlan({ one }: { readonly one: Break }) {
  const { repair, commands } = one;
  const { entries, rows = [], effects, because, planHash, alternatives } = repair;
  const isEmpty = entries.length === 0 && rows.length === 0;
  return (
    <Section
      title="Repair"
      aside={<span class="quiet">{rows.length > 0 ? intoDatabase : intoBook}</span>}
    >
      {isEmpty && effects.length === 0 && <p class="quiet">{because ?? nothingToDo(one)}</p>}
      <ul class="plan-entries">
        {entries.map(({ action, id, target }) => (
          <li key={`${action} ${id}`}>
            <b>{action}</b> <code>{id}</code>
            {target !== undefined && <EntryLink account={one.account} sequence={target} />}
          </li>
        ))}
        {rows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
      {effects.length > 0 && (
        <Table
          caption="Before and after the repair"
          columns={columnsOf(one)}
          rows={effects}
          keyOf={({ what, key, leg }) => `${what} ${key} ${leg}`}
        />
      )}
      {!isEmpty && because !== null && <Policy because={because} currency={one.currency} />}
      {planHash !== null && (
        <p class="quiet">
          plan <CopyButton label={planHash.slice(0, 12)} text={planHash} />
        </p>
      )}
      {alternatives.length > 0 && (
        <details>
          <summary>
            {alternatives.length === 1 ? 'another way' : `${alternatives.length} other ways`}
          </summary>
          <ul class="plain">
            {alternatives.map((each) => (
              <li key={JSON.stringify(each)}>{wordsOf(each)}</li>
            ))}
          </ul>
        </details>
      )}
      <Commands commands={commands} />
    </Section>
  );
}

function Policy({ because, currency }: { readonly because: string; readonly currency: string }) {
  const note = limitNote(because);
  return (
    <p class="policy-says">
      Policy: {limitText(because, currency)}
      {note !== null && <span class="quiet"> {note}</span>}
    </p>
  );
}

const intoBook = 'nothing is deleted: entries are appended';
const intoDatabase = 'after a backup, in one transaction, with an audit row';

const nothingToDo = ({ waitsFor }: Break): string =>
  waitsFor === 'closed'
    ? 'It is closed, and nothing is left to repair: the history says how.'
    : 'No repair is known: nothing is written on a guess.';

const wordsOf = (alternative: Readonly<Record<string, unknown>>): string =>
  Object.entries(alternative)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');

function Commands({ commands }: { readonly commands: readonly string[] }) {
  if (commands.length === 0) return null;
  return (
    <div class="commands">
      <CopyButton label="Copy as CLI" text={commands.join('\n')} />
      <pre>{commands.join('\n')}</pre>
    </div>
  );
}

function columnsOf({ repair, lines }: Break): readonly Column<Effect>[] {
  const { effects } = repair;
  const places = placesOf(effects.flatMap(({ before, after, change }) => [before, after, change]));
  const residualOf = ({ what, key, leg, after }: Effect): string | null => {
    const line = lines.find((each) => each.what === what && each.key === key && each.leg === leg);
    const { theirs = null } = line ?? {};
    return theirs === null ? null : sumOf([theirs, negated(after)]);
  };
  return [
    { ...{ head: 'Line', kind: 'title' }, cell: ({ key }) => <b>{key}</b> },
    {
      ...{ head: 'Before', kind: 'number' },
      cell: ({ before }) => <Amount value={before} places={places} />,
    },
    {
      ...{ head: 'Change', kind: 'number' },
      cell: ({ change }) => <Amount value={change} places={places} signed toned />,
    },
    {
      ...{ head: 'After', kind: 'number' },
      cell: ({ after }) => <Amount value={after} places={places} />,
    },
    {
      ...{ head: 'Residual', kind: 'number' },
      cell: (effect) => {
        const left = residualOf(effect);
        return (
          <span class="residual">
            {left !== null && isZero(left) ? (
              <>
                0 <Shape name="true" size={11} />
              </>
            ) : (
              <Amount value={left} signed />
            )}
          </span>
        );
      },
    },
  ];
}
