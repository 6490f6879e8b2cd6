/** Positions that were held too long: their age, their phase, what they would be left at. */
import type { ExitRow, Exits } from '../../api/operations.ts';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { Shape } from '../../parts/shape.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Whole } from '../../parts/whole.tsx';
import { now } from '../../state/clock.ts';
import type { FigureTold } from '../../state/figure.ts';
import { useIsInScope } from '../../state/follow-mode.ts';
import { go } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { accountAddress } from '../../words/addresses.ts';
import { placesOf } from '../../words/amounts.ts';
import { phaseWord, stepWords } from '../../words/exit-words.ts';
import { spanText } from '../../words/times.ts';

export function ExitsPage() {
  const reading = useReading<Exits>('/api/v1/exits');
  const isInScope = useIsInScope();
  return (
    <>
      <h1 class="page-title">Exits</h1>
      <Whole reading={reading} heads={['Position', 'Age', 'Phase', 'Target', 'Mark', 'Step']}>
        {(exits) => {
          const rows = exits.items.filter(({ account }) => isInScope(account));
          return (
            <>
              <ExitBanner exits={exits} rows={rows} />
              <ExitTable rows={rows} />
            </>
          );
        }}
      </Whole>
    </>
  );
}

interface BannerProps {
  readonly exits: Exits;
  readonly rows: readonly ExitRow[];
}

/** Whether anything is sent is a matter of each account. */
function ExitBanner({ exits: { acting, why }, rows }: BannerProps) {
  const sending = new Set(rows.filter((row) => row.acting).map(({ account }) => account));
  const isAny = rows.length === 0 ? acting : sending.size > 0;
  const isAll = rows.every((row) => row.acting);
  return (
    <p class={`banner banner-${isAny ? 'acting' : 'watching'}`}>
      <Shape name={isAny ? 'settling' : 'paused'} />
      {isAny && (isAll ? 'Orders are sent when they are due.' : onlyOf(sending))}
      {!isAny && `Nothing is sent: ${acting ? 'these venues are only read' : (why ?? notEnabled)}`}
    </p>
  );
}

const notEnabled = 'exits are not enabled';

const onlyOf = (sending: ReadonlySet<string>): string =>
  `Orders are sent when they are due for ${[...sending].join(', ')} alone; the rest is looked at.`;

function ExitTable({ rows }: { readonly rows: readonly ExitRow[] }) {
  const chosen = useRowKeys(rows, ({ account }) => go(accountAddress(account)));
  if (rows.length === 0) {
    return <Empty title="No position is open">There is nothing that could grow old.</Empty>;
  }
  return (
    <Table
      caption="Positions by age"
      columns={columnsOf(rows)}
      rows={rows}
      keyOf={({ account, instrument, leg }) => `${account} ${instrument} ${leg}`}
      selected={chosen}
      toneOf={({ phase }) => `phase-row-${phase}`}
    />
  );
}

function columnsOf(rows: readonly ExitRow[]): readonly Column<ExitRow>[] {
  const isMixed = rows.some(({ acting }) => acting);
  const sizes = placesOf(rows.map(({ quantity }) => quantity));
  const prices = placesOf(rows.flatMap(({ targetPrice, mark }) => [targetPrice, mark]));
  return [
    {
      ...{ head: 'Position', kind: 'title' },
      cell: ({ instrument, leg, account }) => (
        <>
          <b>{instrument}</b>{' '}
          <span class="quiet">
            {account}
            {leg === 'net' ? '' : ` ${leg}`}
          </span>
        </>
      ),
    },
    {
      ...{ head: 'At the venue', kind: 'number' },
      cell: ({ quantity, account, instrument, leg }) => (
        <Amount
          value={quantity}
          places={sizes}
          why={{ account, what: 'position', key: instrument, leg }}
        />
      ),
    },
    {
      ...{ head: 'Age', kind: 'number' },
      cell: ({ ageSeconds, openedAt }) => (
        <span title={openedAt ?? undefined}>
          {ageSeconds === null ? 'unknown' : spanText(ageSeconds)}
        </span>
      ),
    },
    {
      head: 'Phase',
      cell: ({ phase }) => <span class={`phase phase-${phase}`}>{phaseWord(phase)}</span>,
    },
    {
      ...{ head: 'Next phase', kind: 'number' },
      cell: ({ nextPhaseAt }) =>
        nextPhaseAt === null ? (
          <span class="quiet">none</span>
        ) : (
          `in ${spanText((Date.parse(nextPhaseAt) - now.value) / 1000)}`
        ),
    },
    {
      ...{ head: 'Target', kind: 'number' },
      cell: (row) =>
        row.targetPrice === null ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={row.targetPrice} places={prices} told={() => targetTold(row)} />
        ),
    },
    {
      ...{ head: 'Mark', kind: 'number' },
      cell: (row) => <Amount value={row.mark} places={prices} told={() => priceTold(row)} />,
    },
    {
      ...{ head: 'What is done', kind: 'wide' },
      cell: ({ step, paused, order, acting }) => (
        <>
          {isMixed && !acting && <b class="quiet">not sent · </b>}
          {paused === null ? stepWords(step) : `paused: ${paused}`}
          {order !== null && <code class="quiet"> {order.orderId}</code>}
        </>
      ),
    },
    { head: 'Planned by', cell: ({ asOf }) => <Ago time={asOf} never="no statement" /> },
  ];
}

const ofAccount = ({ account }: ExitRow) => [{ words: account, to: accountAddress(account) }];

const targetTold = (row: ExitRow): FigureTold => ({
  ...{ title: `Target of ${row.instrument}`, value: row.targetPrice, links: ofAccount(row) },
  words:
    `what a limit of the phase "${phaseWord(row.phase)}" would be placed at: ` +
    stepWords(row.step),
  parts: [{ words: 'mark', value: row.mark }],
});

const priceTold = (row: ExitRow): FigureTold => ({
  ...{ title: `Price of ${row.instrument}`, value: row.mark, links: ofAccount(row) },
  words:
    row.mark === null
      ? 'Nobody told a price.'
      : 'the newest price that was told; the account says by whom, and when',
});
