/** The bot's own rule closes old positions; a younger one it leaves alone. */
import { millisecondsBetween } from '../../model/instant.ts';
import {
  type DifferenceFacts,
  differenceIn,
  type Hypothesis,
  isContract,
  isReduction,
  leaves,
} from './idea.ts';
import { movedText, unseen } from './unseen.ts';

const name = 'aged exit';

export const agedExit: Hypothesis = (facts) => {
  const { exitAfterMs, openedAt, asOf } = facts;
  if (exitAfterMs === null || !isContract(facts) || !isReduction(facts)) return [];
  const rule = `positions are closed by age after ${spanText(exitAfterMs)}`;
  if (openedAt === null) return unseen(facts, 'FILL_MISSING', name, exitText(facts, rule));
  const age = millisecondsBetween(openedAt, asOf);
  if (age >= exitAfterMs) return unseen(facts, 'FILL_MISSING', name, exitText(facts, rule));
  const why = `it was ${spanText(age)} old, and ${rule}`;
  return [leaves('FILL_MISSING', name, differenceIn(facts), why)];
};

const exitText = (facts: DifferenceFacts, rule: string): string =>
  `the exit order of an aged position ${movedText(facts)}, for ${rule}`;

/** `2 h 16 min`, in whole minutes, rounded down: an age is reached or it is not. */
export function spanText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes % 60 > 0 || hours === 0 ? [`${minutes % 60} min`] : []),
  ];
  return parts.join(' ');
}
