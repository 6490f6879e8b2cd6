/** What a source does not say, or says in a way that nobody can read. */
import type { SourceAccount, SourceFault, SourceSnapshot } from '../../model/source.ts';
import type { Unknown } from '../sections.ts';
import type { SourceContext } from './context.ts';
import { faultText, isOpenPosition } from './pricing.ts';

/** Of a source that nobody has an account in. */
export const noAccountWhy = 'the account table has no row';

/** Cells of one account, beside those that a missing or stale price explains. */
export function unreadableOf({ name, sheet, snapshot }: SourceContext): Unknown[] {
  const row = { account: name, since: snapshot.takenAt };
  const parts = sheet.unpriced.flatMap(({ what, why, reason }): Unknown[] => {
    if (reason !== null) return [];
    const isWhole = what === 'cash' || what === 'positions';
    return [{ ...row, section: isWhole ? what : 'positions', scope: isWhole ? null : what, why }];
  });
  if (sheet.storedWhy !== null) {
    parts.push({ ...row, section: 'total', scope: null, why: sheet.storedWhy });
  }
  return parts;
}

/** Told once, of the account they belong to: by its own key, or as the holder of the symbol. */
export function faultsOf(
  snapshot: SourceSnapshot,
  nameOf: (accountId: string) => string,
  told: readonly Unknown[],
): readonly Unknown[] {
  const { faults, accounts, unattributed, takenAt: since } = snapshot;
  const toldWhys = new Set(told.map(({ why }) => why));
  const first = accounts[0];
  if (first === undefined) return [];
  const rest = faults.flatMap((fault): Unknown[] => {
    const why = faultText(fault);
    if (toldWhys.has(why)) return [];
    const holder = holderOf(fault, snapshot) ?? first.id;
    return [{ account: nameOf(holder), section: fault.table, scope: fault.key, why, since }];
  });
  const shared = unattributed.filter(isOpenPosition);
  return [
    ...rest,
    ...shared.map(({ symbol }): Unknown => {
      const why = 'the source does not say which account holds it: a column account_id would';
      return { account: nameOf(first.id), section: 'positions', scope: symbol, why, since };
    }),
  ];
}

function holderOf({ key, accountId }: SourceFault, { accounts }: SourceSnapshot) {
  const isHolder = ({ id, positions }: SourceAccount): boolean =>
    typeof accountId === 'string'
      ? id === accountId
      : id === key || positions.some(({ symbol }) => symbol === key);
  return accounts.find(isHolder)?.id;
}
