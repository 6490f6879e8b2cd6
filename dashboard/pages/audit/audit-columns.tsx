/** What a row of the audit trail says. */
import type { AuditRow } from '../../api/operations.ts';
import { Instant } from '../../parts/instant.tsx';
import type { Column } from '../../parts/table.tsx';

export const auditColumns: readonly Column<AuditRow>[] = [
  {
    ...{ head: 'Entry', kind: 'number' },
    cell: ({ sequence }) => <span class="figures">#{sequence}</span>,
  },
  { head: 'Recorded', cell: ({ recordedAt }) => <Instant time={recordedAt} /> },
  { head: 'Account', cell: ({ account }) => account },
  { head: 'Kind', cell: ({ kind }) => <span class={`kind kind-${kind}`}>{kind}</span> },
  {
    ...{ head: 'What', kind: 'title' },
    cell: ({ what, reason }) => (
      <>
        {what}
        {reason !== null && <span class="quiet"> {reason}</span>}
      </>
    ),
  },
  {
    head: 'By',
    cell: ({ by, causedBy }) => (
      <>
        {by ?? (
          <span class="quiet" title="The entry names nobody">
            —
          </span>
        )}
        {causedBy !== null && <span class="quiet"> from #{causedBy}</span>}
      </>
    ),
  },
  { head: 'Hash', cell: ({ hash }) => <code title={hash}>{hash.slice(0, 10)}</code> },
];
