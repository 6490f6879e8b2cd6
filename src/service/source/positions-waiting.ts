/** Repairs of a bot's rows that nobody makes without a person, as a look found them. */
import type { Break, Line } from '../../model/break.ts';
import { isHeld } from '../../model/life-cycle.ts';
import type { RowsLook } from './positions-look.ts';

export interface WaitingRepair {
  /** Of what it is, whatever the break is called. */
  readonly name: string;
  readonly of: Break;
  /** What the rows become. */
  readonly sentences: readonly string[];
  /** Why a person is asked. */
  readonly because: string;
}

const nameOf = ({ what, key, instrument, leg, detail }: Line): string =>
  [what, instrument, key, leg, detail].filter((part) => part !== null).join(' ');

/** What is young, or held by a person, waits for nobody. */
export function waitingIn({ checked }: RowsLook): readonly WaitingRepair[] {
  const { plan, breaks } = checked.reconciled;
  return plan.repairs.flatMap(({ breakId, needsApproval, because, writes }): WaitingRepair[] => {
    const of = breaks.find(({ id }) => id === breakId);
    if (!needsApproval || of === undefined || isHeld(of) || of.state === 'SETTLING') return [];
    return [{ name: nameOf(of.lines[0]!), of, sentences: writes?.sentences ?? [], because }];
  });
}
