/** From the opening to the closing, each cause by its name, to the last digit. */
import { useState } from 'preact/hooks';
import type { Bridge, Equity } from '../../api/equity.ts';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { Shape } from '../../parts/shape.tsx';
import { Table } from '../../parts/table.tsx';
import { Whole } from '../../parts/whole.tsx';
import { asOf } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { compareAmounts, placesOf, sumOf } from '../../words/amounts.ts';
import { endTold, stepTold } from './equity-figures.ts';
import { Waterfall } from './waterfall.tsx';

const spans = [
  ['the whole', null],
  ['30 days', 30],
  ['7 days', 7],
  ['a day', 1],
] as const;
const dayMs = 86_400_000;

export function BridgeSection({ equity }: { readonly equity: Equity }) {
  const [days, setDays] = useState<number | null>(null);
  const { account, to } = equity;
  // Of a whole minute, so that the address is the same while the page is asked again.
  const from = days === null ? null : new Date(Date.parse(to) - days * dayMs);
  const search = new URLSearchParams({
    account,
    ...(asOf.value === null ? {} : { to: asOf.value }),
    ...(from === null ? {} : { from: `${from.toISOString().slice(0, 16)}:00Z` }),
  });
  const reading = useReading<Bridge>(`/api/v1/bridge?${search}`);
  return (
    <Section
      title="Bridge"
      aside={
        <span class="spans">
          {spans.map(([words, each]) => (
            <button
              key={words}
              type="button"
              class="copy"
              aria-pressed={days === each}
              onClick={() => setDays(each)}
            >
              {words}
            </button>
          ))}
        </span>
      }
    >
      <Whole reading={reading} heads={['Cause', 'Amount']}>
        {(bridge) => <BridgeParts bridge={bridge} />}
      </Whole>
    </Section>
  );
}

interface BridgeRow {
  readonly name: string;
  readonly amount: string | null;
  readonly end: 'opening' | 'closing' | null;
}

function BridgeParts({ bridge }: { readonly bridge: Bridge }) {
  const { opening, rows, closing, unknown, currency } = bridge;
  const all: readonly BridgeRow[] = [
    { name: 'Opening', amount: opening, end: 'opening' },
    ...rows.map((row) => ({ ...row, end: null })),
    { name: 'Closing', amount: closing, end: 'closing' },
  ];
  const places = placesOf(all.map(({ amount }) => amount));
  return (
    <div class="bridge">
      <Waterfall bridge={bridge} />
      <div class="bridge-table">
        <Table
          caption={`Bridge in ${currency}`}
          rows={all}
          keyOf={({ name }) => name}
          toneOf={({ end }) => (end === null ? '' : 'is-sum')}
          columns={[
            { ...{ head: 'Cause', kind: 'title' }, cell: ({ name }) => name.replaceAll('-', ' ') },
            {
              ...{ head: currency, kind: 'number' },
              cell: (row) => (
                <Amount
                  value={row.amount}
                  places={places}
                  signed={row.end === null}
                  toned={row.end === null}
                  told={() => (row.end === null ? stepTold(bridge, row) : endTold(bridge, row.end))}
                />
              ),
            },
          ]}
        />
        <p class="quiet">
          <Sum bridge={bridge} />
        </p>
        {unknown.map((why) => (
          <p key={why}>
            <Shape name="cannot-say" /> {why}
          </p>
        ))}
      </div>
    </div>
  );
}

/** Added up here, from the texts: the page proves what it shows. */
function Sum({ bridge: { opening, rows, closing } }: { readonly bridge: Bridge }) {
  const amounts = [opening, ...rows.map(({ amount }) => amount)];
  const known = amounts.filter((amount) => amount !== null);
  if (closing === null || known.length < amounts.length) {
    return <>Not every cause is known, so nothing is said of the sum.</>;
  }
  const isExact = compareAmounts(sumOf(known), closing) === 0;
  return (
    <>
      <Shape name={isExact ? 'true' : 'break'} size={12} />{' '}
      {isExact ? 'adds up to the last digit' : 'does not add up: please report it'}
    </>
  );
}
