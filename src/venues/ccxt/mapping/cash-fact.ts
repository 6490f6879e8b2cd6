/** A cash flow, of which only what its list tells has to be said. */
import type { CashFact } from '../../../model/fact.ts';
import type { MappingContext } from './bybit-executions.ts';

type Told = Pick<CashFact, 'kind' | 'currency' | 'amount' | 'id' | 'time'> & Partial<CashFact>;

export const cashFact = ({ account }: MappingContext, told: Told): CashFact => ({
  account,
  instrument: null,
  leg: null,
  cost: null,
  fee: null,
  state: 'booked',
  counterAccount: null,
  reason: null,
  venueSequence: null,
  ...told,
});
