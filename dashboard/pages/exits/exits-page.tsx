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
import { useIsInScope } from '../../state/follow-mode.ts';
import { go } from '../../state/location.ts';
import { useReading } from '../../state/reading.ts';
import { placesOf } from '../../words/amounts.ts';
import { spanText } from '../../words/times.ts';

export function ExitsPage() {
  const reading = useReading<Exits>('/api/v1/exits');
  const isInScope = useIsInScope();
  return (
    <>
      <h1 class="page-title">Exits</h1>
      <Whole reading={reading} heads={['Position', 'Age', 'Phase', 'Target', 'Mark', 'Step']}>
        {(exits) => (
          <>
            <p class={`banner banner-${exits.acting ? 'acting' : 'watching'}`}>
              <Shape name={exits.acting ? 'settling' : 'paused'} />
              {exits.acting ? 'Orders are sent when they are due.' : 'Nothing is sent: '}
              {!exits.acting && (exits.why ?? 'exits are not enabled')}
              {exits.asOf !== null && (
                <span class="quiet">
                  {' '}
                  planned <Ago time={exits.asOf} />
                </span>
              )}
            </p>
            <ExitTable rows={exits.items.filter(({ account }) => isInScope(account))} />
          </>
        )}
      </Whole>
    </>
  );
}

function ExitTable({ rows }: { readonly rows: readonly ExitRow[] }) {
  const chosen = useRowKeys(rows, ({ account }) => go(`/accounts/${encodeURIComponent(account)}`));
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
      ...{ head: 'Quantity', kind: 'number' },
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
    { head: 'Phase', cell: ({ phase }) => <span class={`phase phase-${phase}`}>{phase}</span> },
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
      cell: ({ targetPrice }) =>
        targetPrice === null ? (
          <span class="quiet">—</span>
        ) : (
          <Amount value={targetPrice} places={prices} />
        ),
    },
    {
      ...{ head: 'Mark', kind: 'number' },
      cell: ({ mark }) => <Amount value={mark} places={prices} />,
    },
    {
      ...{ head: 'What is done', kind: 'wide' },
      cell: ({ step, paused, order }) => (
        <>
          {paused === null ? step : `paused: ${paused}`}
          {order !== null && <code class="quiet"> {order.orderId}</code>}
        </>
      ),
    },
  ];
}
