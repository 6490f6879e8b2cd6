/** Every account of the scope that is looked at. */
import { Empty } from '../../parts/empty.tsx';
import { Whole } from '../../parts/whole.tsx';
import { mode } from '../../state/settings.ts';
import { scopeOf, useHome } from '../../state/verdict.ts';
import { AccountTable } from './account-table.tsx';

export function AccountsPage() {
  const reading = useHome();
  return (
    <>
      <h1 class="page-title">Accounts</h1>
      <Whole reading={reading} heads={['Account', 'Verdict', 'At stake', 'Equity', 'Data age']}>
        {(home) => {
          const scope = scopeOf(home);
          if (scope === null) return <Empty title={`There is no ${mode.value} account`} />;
          return (
            <AccountTable
              accounts={scope.accounts}
              breaks={home.breaks.filter(({ mode: of }) => of === scope.scope)}
            />
          );
        }}
      </Whole>
    </>
  );
}
