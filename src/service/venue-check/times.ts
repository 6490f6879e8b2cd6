/** How a venue is asked, as its settings say. */
import type { VenueSettings } from '../venues/settings.ts';
import type { TakingTimes } from './taking.ts';

export type AskedHow = Pick<VenueSettings, 'settle' | 'confirm' | 'statementMaxAge'>;

export const timesOf = ({ settle, confirm, statementMaxAge }: AskedHow): Partial<TakingTimes> => ({
  ...(settle === undefined ? {} : { settleMs: settle }),
  ...(confirm === undefined ? {} : { confirmMs: confirm }),
  ...(statementMaxAge === undefined ? {} : { statementMaxAgeMs: statementMaxAge }),
});
