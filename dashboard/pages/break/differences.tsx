/** Both parties side by side, each by its name; gross beside net. */
import type { Break, Line } from '../../api/breaks.ts';
import { Amount } from '../../parts/amount.tsx';
import { Section } from '../../parts/section.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import type { FigureTold, WhyAsked } from '../../state/figure.ts';
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
        gross <Amount value={gross} unit={currency} told={() => sumTold(one, 'gross')} /> · net{' '}
        <Amount value={net} signed told={() => sumTold(one, 'net')} />
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
  // A bot's database beside what its own rows add up to.
  const isAlone = first?.oursParty === 'source' && first.theirsParty === 'source';
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
      ...{ head: isAlone ? 'stored' : (first?.oursParty ?? 'ours'), kind: 'number' },
      cell: (line) =>
        line.ours === null && line.oursText !== undefined ? (
          line.oursText
        ) : (
          <Amount value={line.ours} places={places} why={whyOf(account, line)} />
        ),
    },
    {
      ...{ head: isAlone ? 'calculated' : (first?.theirsParty ?? 'theirs'), kind: 'number' },
      cell: (line) =>
        line.theirs === null && line.theirsText !== undefined ? (
          line.theirsText
        ) : (
          <Amount value={line.theirs} places={places} told={() => theirsTold(line)} />
        ),
    },
    {
      ...{ head: 'Difference', kind: 'number' },
      cell: (line) => (
        <Amount
          value={line.difference}
          places={places}
          signed
          told={() => differenceTold(account, line)}
        />
      ),
    },
  ];
}

const nameOf = ({ what, key }: Line): string => `${key} ${what}`;

const theirsTold = (line: Line): FigureTold => ({
  ...{ title: `${nameOf(line)}, by the ${line.theirsParty}`, value: line.theirs },
  words:
    line.theirs === null
      ? `The ${line.theirsParty} did not tell it.`
      : `It is what the ${line.theirsParty} said; the evidence below has what it said it by.`,
});

const differenceTold = (account: string, line: Line): FigureTold => ({
  ...{ title: `${nameOf(line)}, difference`, value: line.difference, signed: true },
  words: `${line.theirsParty} - ${line.oursParty}: what would have to be added to the latter`,
  parts: [
    { words: line.theirsParty, value: line.theirs },
    { words: line.oursParty, value: line.ours, why: whyOf(account, line) },
  ],
});

const sumTold = ({ id, gross, net, currency, lines }: Break, of: 'gross' | 'net'): FigureTold => ({
  ...{ title: `${of} of ${id}`, value: of === 'gross' ? gross : net, unit: currency },
  signed: of === 'net',
  words:
    of === 'gross'
      ? `the size of each difference in ${currency}, whichever way it goes`
      : `each difference in ${currency}, added up: what takes itself away is not seen in it`,
  parts: lines.map((line) => ({
    ...{ words: nameOf(line), value: line.difference, signed: true },
  })),
});
