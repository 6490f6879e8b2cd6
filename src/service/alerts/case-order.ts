/** In which order cases are told and shown. */
import { severityRank } from './alert.ts';
import type { AlertCase } from './case.ts';

/** The worst first, then the oldest. */
export const worstFirst = (cases: readonly AlertCase[]): readonly AlertCase[] =>
  cases.toSorted(
    (a, b) =>
      severityRank(b.alert.severity) - severityRank(a.alert.severity) ||
      (a.bornAt < b.bornAt ? -1 : a.bornAt > b.bornAt ? 1 : a.key < b.key ? -1 : 1),
  );

export const openCasesOf = (cases: readonly AlertCase[]): readonly AlertCase[] =>
  worstFirst(cases.filter(({ cleared }) => cleared === null));
