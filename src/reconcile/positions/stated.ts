/** What a statement says of one leg, found at once: there may be thousands. */
import type { Party } from '../../model/break.ts';
import type { Leg } from '../../model/fact.ts';
import type { Statement, StatementPosition } from '../../model/statement.ts';
import type { PositionTruth } from './port.ts';

type Told = Pick<PositionTruth, 'party' | 'foreign'>;

const indexes = new WeakMap<object, ReadonlyMap<string, StatementPosition>>();

export const legId = (instrument: string, leg: Leg): string => `${instrument}\n${leg}`;

/** Whose word it is what a leg holds. */
export const partyAt = ({ party, foreign }: Told, instrument: string, leg: Leg): Party =>
  foreign?.isOf(instrument, leg) === true ? foreign.party : party;

/** Undefined: not listed. */
export function statedOf(
  { positions }: Statement,
  instrument: string,
  leg: Leg,
): StatementPosition | undefined {
  if (positions === null) return undefined;
  let index = indexes.get(positions);
  if (index === undefined) {
    index = new Map(positions.items.map((one) => [legId(one.instrument, one.leg), one]));
    indexes.set(positions, index);
  }
  return index.get(legId(instrument, leg));
}
