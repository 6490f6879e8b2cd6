/** What is repaired without a person, by account, and the stop that ends it for all of them. */
import { useState } from 'preact/hooks';
import type { Policy, PolicyOfAccount } from '../../api/policy.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { Ago } from '../../parts/ago.tsx';
import { Amount } from '../../parts/amount.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { Shape } from '../../parts/shape.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { type Answer, act } from '../../state/writing.ts';
import { placesOf } from '../../words/amounts.ts';

const go = () => act('Repairs go on', '/api/v1/policy/go');
const stop = (reason: string) =>
  act('Repairs are stopped', '/api/v1/policy/stop', { reason }, undoOf);

/** What was stopped before stays so. */
function undoOf({ accounts }: Answer) {
  const all = (Array.isArray(accounts) ? accounts : []) as readonly Switched[];
  const changed = all.filter((one) => one.changed);
  if (changed.length === all.length) return go;
  return async () => {
    for (const { account } of changed) {
      await act(`Repairs of ${account} go on`, '/api/v1/policy/go', { account });
    }
  };
}

interface Switched {
  readonly account: string;
  readonly changed: boolean;
}

export function RepairPolicy({ policy }: { readonly policy: Policy }) {
  const [isAsking, setAsking] = useState(false);
  const { accounts, table } = policy;
  // What the settings stop, the settings let go on.
  const stoppedByHand = accounts.filter(({ stopped }) => stopped !== null && stopped.by !== null);
  const going = accounts.filter(({ stopped }) => stopped === null);
  return (
    <>
      <p class="buttons policy-buttons">
        {going.length > 0 && (
          <ActionButton scope="admin" onAct={() => setAsking(true)}>
            Stop all repairs
          </ActionButton>
        )}
        {stoppedByHand.length > 0 && (
          <ActionButton scope="admin" onAct={go}>
            Let repairs go on
          </ActionButton>
        )}
      </p>
      <Table
        caption="Repairs without a person, by account"
        columns={columnsOf(accounts)}
        rows={accounts}
        keyOf={({ account }) => account}
      />
      <details class="policy-table">
        <summary>the policy: the first row that applies decides</summary>
        <ol class="ruled-out">
          {table.map(({ when, decision, because }) => (
            <li key={when}>
              <b>{when}</b>
              <span>{because}</span>
              <span class="quiet">{decision}</span>
            </li>
          ))}
        </ol>
      </details>
      {isAsking && (
        <ReasonForm
          title="Stop all repairs"
          submit="Stop repairs"
          onClose={() => setAsking(false)}
          onSend={stop}
        >
          Checks go on. Only what a person approves is repaired until they are let go on.
        </ReasonForm>
      )}
    </>
  );
}

function columnsOf(accounts: readonly PolicyOfAccount[]): readonly Column<PolicyOfAccount>[] {
  const places = placesOf(
    accounts.flatMap(({ lastDay }) => [lastDay.takingBack.value, lastDay.rows.value]),
  );
  return [
    { ...{ head: 'Account', kind: 'title' }, cell: ({ account }) => <b>{account}</b> },
    {
      ...{ head: 'Repairs', kind: 'wide' },
      cell: ({ stopped }) =>
        stopped === null ? (
          'by the policy'
        ) : (
          <>
            <Shape name="paused" /> stopped by {stopped.by ?? 'the settings'}: {stopped.reason}{' '}
            <span class="quiet">
              <Ago time={stopped.since} never="" />
            </span>
          </>
        ),
    },
    {
      ...{ head: 'Taken back in 24 h', kind: 'number' },
      cell: ({ lastDay, currency }) => (
        <>
          {lastDay.takingBack.count} ·{' '}
          <Amount value={lastDay.takingBack.value} places={places} unit={currency} />
        </>
      ),
    },
    {
      ...{ head: 'Rows written in 24 h', kind: 'number' },
      cell: ({ lastDay, currency }) => (
        <>
          {lastDay.rows.count} ·{' '}
          <Amount value={lastDay.rows.value} places={places} unit={currency} />
        </>
      ),
    },
  ];
}
