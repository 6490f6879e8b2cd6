/** Live or paper, as what is shown is: a page of a paper account is striped, however one came. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Mode } from '../api/forms.ts';
import { mode } from './settings.ts';
import { scopeOf, useHome } from './verdict.ts';

/** Null: it is not known yet which of the two it is. */
export function useFollowMode(of: Mode | null): void {
  const chosen = mode.value;
  useEffect(() => {
    if (of !== null && of !== chosen) mode.value = of;
  }, [of, chosen]);
}

/** Whether an account is of the scope that is looked at; while that is not known, all are. */
export function useIsInScope(): (account: string) => boolean {
  const { data } = useHome();
  const scope = data === null ? null : scopeOf(data);
  // The same function for as long as the accounts are the same: what it chose need not be again.
  const names = scope?.accounts.map(({ account }) => account).join('\n') ?? null;
  return useMemo(() => {
    if (names === null) return () => true;
    const known = new Set(names.split('\n'));
    return (account: string) => known.has(account);
  }, [names]);
}
