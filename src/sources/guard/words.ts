/** Sentences about guards that both engines say. */
import type { SourceGuard } from '../../model/source.ts';

export const absentGuard: SourceGuard = {
  state: 'absent',
  findings: [],
  bound: null,
  audited: false,
  unlogged: [],
};

export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

export const untold = (accounts: string): string =>
  `there are ${accounts} accounts, and positions do not say whose they are: no total can be told`;
