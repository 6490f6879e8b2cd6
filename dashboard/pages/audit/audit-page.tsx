/** The audit trail: every entry, who made it and why, under the seal of the chain. */

import { useMemo } from 'preact/hooks';
import type { Audit, AuditRow } from '../../api/operations.ts';
import { Empty } from '../../parts/empty.tsx';
import { ReadingOn } from '../../parts/reading-on.tsx';
import { useRowKeys } from '../../parts/row-keys.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { Whole } from '../../parts/whole.tsx';
import { WindowedTable } from '../../parts/windowed-table.tsx';
import { useIsInScope } from '../../state/follow-mode.ts';
import { asOf, query } from '../../state/location.ts';
import { open } from '../../state/overlays.ts';
import { usePages, useReadOn } from '../../state/pages.ts';
import { auditColumns } from './audit-columns.tsx';
import { AuditFilters, filtersOf } from './audit-filters.tsx';
import { ChainBadge, ChainThen } from './chain-badge.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { RequestTable } from './request-table.tsx';

const byPlace = {
  itemsOf: ({ items }: Audit) => items,
  keyOf: ({ account, sequence }: AuditRow) => `${account} ${sequence}`,
};

const opened = ({ account, sequence }: AuditRow) => open({ name: 'entry', account, sequence });

const waits = 'There are older entries that were not looked through.';

export function AuditPage() {
  const view = query.value.get('view') ?? 'entries';
  return (
    <>
      <h1 class="page-title">Audit trail</h1>
      <Tabs
        label="Which trail"
        chosen={view}
        tabs={[
          { name: 'entries', words: 'Entries of the book' },
          { name: 'requests', words: 'Requests over HTTP' },
        ]}
      />
      {view === 'requests' ? <RequestTable /> : <Entries />}
    </>
  );
}

function Entries() {
  const { search, has } = filtersOf(query.value);
  const pages = usePages<Audit, AuditRow>(`/api/v1/audit?${search}`, byPlace);
  const { first, items, isWhole } = pages;
  const isInScope = useIsInScope();
  const rows = useMemo(
    () => items.filter((row) => isInScope(row.account) && has(row)),
    [items, isInScope, query.value],
  );
  const on = useReadOn(rows.length, pages);
  const chosen = useRowKeys(rows, opened);
  return (
    <>
      {first.data !== null &&
        (asOf.value === null ? (
          <ChainBadge audit={first.data} />
        ) : (
          <ChainThen audit={first.data} />
        ))}
      <div class="filters">
        <AuditFilters />
        <ExportButtons rows={rows} />
      </div>
      <Whole reading={first} heads={['Entry', 'Recorded', 'Kind', 'What', 'By', 'Hash']}>
        {() => (
          <>
            {rows.length === 0 ? (
              <Empty title={isWhole ? 'No entry fits' : 'No entry fits yet'}>
                {isWhole && 'Clear the filter to see all.'}
                {!isWhole && (pages.failed !== null || on.isStopped ? waits : 'Reading on…')}
              </Empty>
            ) : (
              <WindowedTable
                caption="Entries, newest first"
                columns={auditColumns}
                rows={rows}
                keyOf={({ account, sequence }) => `${account} ${sequence}`}
                onOpen={opened}
                selected={chosen}
                more={on.more}
              />
            )}
            <ReadingOn pages={pages} on={on} words="entries" />
          </>
        )}
      </Whole>
    </>
  );
}
