/** What is done about a break: a table, first row that applies wins. */
import type { Break } from '../model/break.ts';
import type { ExplainedCase } from './explain.ts';

/**
 * wait: until the statement says more. watch: it may clear by itself. leave: a person holds it.
 * book: at once. approve: once a person agrees to this very plan. ask: a person decides what.
 */
export type Decision = 'wait' | 'watch' | 'leave' | 'book' | 'approve' | 'ask';

export interface PolicyFacts {
  readonly one: Break;
  /** As the newest comparison sees it; null: it was not compared. */
  readonly current: ExplainedCase | null;
  /** A person asked for an adjustment of this break. */
  readonly adjust: boolean;
}

export interface PolicyRow {
  readonly when: string;
  readonly applies: (facts: PolicyFacts) => boolean;
  readonly decision: Decision;
  readonly because: string;
}

const isExplained = ({ one }: PolicyFacts): boolean => one.confidence !== 'unexplained';

const hasSteps = ({ current }: PolicyFacts): boolean => (current?.steps.length ?? 0) > 0;

/** Facts with an id of the venue, and nothing taken back or changed. */
const onlyBooks = (facts: PolicyFacts): boolean =>
  hasSteps(facts) && facts.current!.steps.every(({ action }) => action === 'book');

export const policy: readonly PolicyRow[] = [
  {
    when: 'its lines were not compared: the statement failed, or is not complete',
    applies: ({ current }) => current === null,
    decision: 'wait',
    because: 'no answer is not an answer of zero',
  },
  {
    when: 'it is younger than the settle window, or something about it may be on its way',
    applies: ({ one, current }) => one.state === 'SETTLING' || current!.settling,
    decision: 'watch',
    because: 'the fact may still be on its way; booked by guess it would come twice',
  },
  {
    when: 'it is snoozed or accepted',
    applies: ({ one }) => one.state === 'SNOOZED' || one.state === 'ACCEPTED',
    decision: 'leave',
    because: 'a person decided to, until a day',
  },
  {
    when: 'a bot’s database contradicts itself',
    applies: ({ one: { lines } }) =>
      lines[0]!.oursParty === 'source' && lines[0]!.theirsParty === 'source',
    decision: 'ask',
    because:
      'what is written to somebody’s database is asked for: update, or schedule --repair auto',
  },
  {
    when: 'executions prove what a bot’s row does not know',
    applies: ({ current }) => current?.writes?.proven === true,
    decision: 'book',
    because: 'the row gets what they prove, after a backup and with an audit row (--auto)',
  },
  {
    when: 'a bot’s row is wrong, and what made it so is not proven or not its own',
    applies: ({ current }) => current?.writes != null,
    decision: 'approve',
    because: 'without proof a person decides what is written to somebody’s database',
  },
  {
    when: 'a bot’s row is wrong, and nothing that could be written sets it right',
    applies: ({ one: { lines } }) => lines[0]!.oursParty === 'source',
    decision: 'ask',
    because: 'which row is right, or whether one is to be added, only a person knows',
  },
  {
    when: 'facts with an id of the venue are missing, and booking them leaves no line worse',
    applies: (facts) => onlyBooks(facts) && !facts.current!.worsens,
    decision: 'book',
    because: 'a missing fact is booked as that fact, whatever its value',
  },
  {
    when: 'facts with an id of the venue are missing, and booking them leaves a line worse',
    applies: onlyBooks,
    decision: 'approve',
    because: 'the book may hold the same fact in another form',
  },
  {
    when: 'a booked fact is to be reversed or corrected, and that leaves nothing over',
    applies: (facts) => isExplained(facts) && hasSteps(facts),
    decision: 'approve',
    because: 'what was booked once is taken back only with a person’s word',
  },
  {
    when: 'a number of ours on one of its lines is not final',
    applies: ({ current }) => current!.lines.some(({ verdict }) => verdict === 'unknown'),
    decision: 'wait',
    because: 'what is still to come may be what is missing',
  },
  {
    when: 'a person asked for an adjustment',
    applies: ({ adjust, current }) =>
      adjust && current!.lines.some(({ what }) => what === 'balance'),
    decision: 'approve',
    because: 'an adjustment hides its cause: it names its break and who approved it',
  },
  {
    when: 'anything else',
    applies: () => true,
    decision: 'ask',
    because: 'what cannot be explained, a person decides',
  },
];

export const decisionOn = (facts: PolicyFacts): PolicyRow =>
  policy.find((row) => row.applies(facts))!;
