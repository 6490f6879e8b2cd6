/** Both parties side by side, each by its name; gross beside net. */
import type { Break, Line } from '../../api/breaks.ts';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import type { WhyAsked } from '../../state/overlays.ts';
import { compareAmounts, isNegative, negated, placesOf } from '../../words/amounts.ts';

export function Differences({ one }: { readonly one: Break }) {
  const { lines, gross, net, currency } = one;
  return (
    <Section title="Difference">
      <Table
        caption="What differs"
        columns={columnsOf(one)}
        rows={lines}
        keyOf={({ what, key, leg }) => `${what} ${key} ${leg}`}
      />
      <p class="gross-net">
        gross <Amount value={gross} unit={currency} /> · net <Amount value={net} signed />
        {hidesItself(gross, net) && <span class="hides">equity alone would hide this</span>}
      </p>
    </Section>
  );
}

/** Where the parts take each other away: the net is less than a tenth of the gross. */
function hidesItself(gross: string | null, net: string | null): boolean {
  if (gross === null || net === null) return false;
  const size = isNegative(net) ? negated(net) : net;
  const tenfold = compareAmounts(timesTen(size), gross);
  return tenfold < 0;
}

const timesTen = (amount: string): string => {
  const [whole = '0', decimals = ''] = amount.split('.');
  return `${whole}${decimals.slice(0, 1) || '0'}.${decimals.slice(1) || '0'}`;
};

export const whyOf = (account: string, { what, key, leg }: Pick<Line, 'what' | 'key' | 'leg'>) =>
  what === 'balance' || what === 'position'
    ? ({ account, what, key, leg } satisfies WhyAsked)
    : undefined;

function columnsOf({ lines, account }: Break): readonly Column<Line>[] {
  const places = placesOf(
    lines.flatMap(({ ours, theirs, difference }) => [ours, theirs, difference]),
  );
  const [first] = lines;
  return [
    {
      ...{ head: 'Line', kind: 'title' },
      cell: ({ what, key, leg }) => (
        <>
          <b>{key}</b>{' '}
          <span class="quiet">
            {what}
            {leg === null || leg === 'net' ? '' : ` ${leg}`}
          </span>
        </>
      ),
    },
    {
      ...{ head: first?.oursParty ?? 'ours', kind: 'number' },
      cell: (line) =>
        line.ours === null && line.oursText !== undefined ? (
          line.oursText
        ) : (
          <Amount value={line.ours} places={places} why={whyOf(account, line)} />
        ),
    },
    {
      ...{ head: first?.theirsParty ?? 'theirs', kind: 'number' },
      cell: ({ theirs, theirsText }) =>
        theirs === null && theirsText !== undefined ? (
          theirsText
        ) : (
          <Amount value={theirs} places={places} />
        ),
    },
    {
      ...{ head: 'Difference', kind: 'number' },
      cell: ({ difference }) => <Amount value={difference} places={places} signed toned />,
    },
  ];
}
