/** One line of the two sides: what each says, how they are joined, and what that means. */
import { useContext } from 'preact/hooks';
import type { SidePair, SideSaid, Sides } from '../../api/sides.ts';
import { Amount } from '../../parts/amount.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EntryLink } from '../../parts/entry-link.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Old } from '../../parts/old.ts';
import { Shape } from '../../parts/shape.tsx';
import type { Column } from '../../parts/table.tsx';
import type { WhyAsked } from '../../state/figure.ts';
import { isZero, placesOf, shownAmount } from '../../words/amounts.ts';
import { sideShape, sideWord } from '../../words/break-words.ts';
import { ruleWord, whatWord } from '../../words/side-words.ts';

/** Where the line is a number of the book. */
export function whyOfPair(account: string, { what, key, leg, ours }: SidePair) {
  const isFigure = what === 'balance' || what === 'position';
  if (!isFigure || ours === null) return undefined;
  return { account, what, key, leg } satisfies WhyAsked;
}

/** Held at an instant: a number. What happened, and what is asked for, is told in words. */
const isHeld = ({ section }: SidePair): boolean =>
  section === 'balances' || section === 'positions';

export function pairColumns(
  { account, party, fresh }: Sides,
  pairs: readonly SidePair[],
): readonly Column<SidePair>[] {
  const held = pairs.filter(isHeld);
  const amounts = held.flatMap(({ ours, theirs }) => [ours, theirs].map(amountOf));
  const places = placesOf(amounts);
  const wholes = amounts.map((one) => shownAmount(one?.split('.')[0] ?? '').length);
  // On their decimal point, on both sides.
  const width = Math.max(0, ...wholes) + places + 1;
  const said = (pair: SidePair, one: SideSaid | null, none: string, why?: WhyAsked) =>
    one === null ? (
      <span class="side-none">{none}</span>
    ) : isHeld(pair) ? (
      <Held one={one} places={places} width={width} why={why} />
    ) : (
      <Told account={account} one={one} />
    );
  return [
    { ...{ head: 'Line', kind: 'title' }, cell: (pair) => <LineName pair={pair} /> },
    {
      ...{ head: 'book', kind: 'number' },
      cell: (pair) => said(pair, pair.ours, 'not in the book', whyOfPair(account, pair)),
    },
    { head: 'Difference', cell: (pair) => <Joint pair={pair} /> },
    {
      head: party ?? 'venue',
      cell: (pair) => said(pair, pair.theirs, pair.state === 'unknown' ? 'not told' : 'not there'),
    },
    { ...{ head: 'Compared', kind: 'wide' }, cell: (pair) => <Meant pair={pair} fresh={fresh} /> },
  ];
}

const amountOf = (one: SideSaid | null): string | null => one?.amount ?? null;

function LineName({ pair }: { readonly pair: SidePair }) {
  const { what, key, instrument, leg } = pair;
  const name = isHeld(pair) ? key : instrument;
  const legWord = leg === null || leg === 'net' ? '' : ` ${leg}`;
  return (
    <>
      {name !== null && <b>{name} </b>}
      <span class="quiet">
        {whatWord[what]}
        {legWord}
      </span>
    </>
  );
}

interface HeldProps {
  readonly one: SideSaid;
  readonly places: number;
  /** Characters that the longest figure takes. */
  readonly width: number;
  readonly why: WhyAsked | undefined;
}

function Held({ one, places, width, why }: HeldProps) {
  return (
    <span class="side-said">
      <span class="side-figure" style={{ minWidth: `${width}ch` }}>
        <Amount value={one.amount} places={places} why={why} />
      </span>
      {one.words !== null && <span class="quiet">{one.words}</span>}
    </span>
  );
}

function Told({ account, one }: { readonly account: string; readonly one: SideSaid }) {
  const { words, amount, time, id, sequence } = one;
  return (
    <span class="side-said">
      <span>{words ?? <Amount value={amount} signed />}</span>
      <span class="quiet">
        {time !== null && <Instant time={time} />}
        {sequence !== null && <EntryLink account={account} sequence={sequence} />}
        {id !== null && <CopyButton label={id} text={id} />}
      </span>
    </span>
  );
}

/** A line from side to side; of what has no partner it ends in the air. */
function Joint({ pair: { ours, theirs, difference, state } }: { readonly pair: SidePair }) {
  const end = ours === null ? 'right' : theirs === null ? 'left' : 'both';
  const isEqual = state === 'equal';
  return (
    <span class={`joint joint-${end} joint-${state}`}>
      <span class="joint-mark">
        {isEqual ? (
          <>
            <span aria-hidden="true">=</span>
            <span class="unseen">none</span>
          </>
        ) : difference === null || isZero(difference) ? (
          <>
            <span aria-hidden="true">{state === 'unknown' ? '?' : '≠'}</span>
            <span class="unseen">{state === 'unknown' ? 'unknown' : 'in its terms'}</span>
          </>
        ) : (
          <Amount value={difference} signed />
        )}
      </span>
    </span>
  );
}

function Meant({ pair, fresh }: { readonly pair: SidePair; readonly fresh: boolean }) {
  const isOld = useContext(Old);
  const { state, breakId, note, fields, matchedBy } = pair;
  const rule = matchedBy === null ? null : ruleWord[matchedBy];
  // What agreed long ago says nothing of now.
  const isPast = sideShape[state] === 'true' && (isOld || !fresh);
  return (
    <span class="meant">
      <span class={`side side-${state}`}>
        <Shape name={isPast ? 'cannot-say' : sideShape[state]} size={11} />{' '}
        {isPast ? `was ${sideWord[state]}` : sideWord[state]}
      </span>
      {breakId !== null && <a href={`/breaks/${breakId}`}>{breakId}</a>}
      {fields.map(({ field, ours, theirs }) => (
        <span key={field} class="figures">
          {field} <b>{ours}</b> here, <b>{theirs}</b> there
        </span>
      ))}
      {note !== null && <span class="quiet">{note}</span>}
      {rule !== null && <span class="quiet">{rule}</span>}
    </span>
  );
}
