/**
 * A plan: what happens, step by step, as data. Each step carries its own numbers, so that one can
 * be left out without changing what the others do.
 */

/** Words of what can happen, in groups; the histogram counts them. */
export const marketKinds = ['touch', 'trade', 'mark', 'rate'] as const;
export const botKinds = ['limit', 'market', 'cancel', 'amend', 'by-hand'] as const;
export const moneyKinds = ['deposit', 'withdraw'] as const;
export const commandKinds = ['pass', 'check', 'sync', 'approve'] as const;

/** What happens to the next frames of the stream, and to the stream. */
export const frameFaults = ['drop', 'duplicate', 'delay', 'reorder', 'garble'] as const;
export const socketFaults = ['disconnect', 'deaf', 'stream-breaks'] as const;
/** What happens to answers for a while; those of the second line to a statement or a list. */
export const answerFaults = ['fail', 'refuse', 'throw', 'late'] as const;
export const pageFaults = ['truncate', 'list-late', 'same-page'] as const;
export const statementFaults = ['stale', 'torn-positions', 'torn-money', 'empty', 'cut'] as const;
export const submitFaults = ['submit-unknown', 'submit-lost'] as const;
/** What the exchange does to an account unasked. */
export const venueActs = ['bust', 'liquidate', 'deleverage'] as const;
/** What a bot that misbehaves tells the book. */
export const untruths = ['made-up', 'told-twice', 'misquoted'] as const;
export const processFaults = ['crash', 'crash-before-commit', 'crash-after-commit'] as const;
/** What a bot writes into its database, its rows that follow, the command that sets them right. */
export const rowKinds = ['bot-writes', 'follow', 'rows'] as const;
/** Aged positions are left: by the rules alone, or by the desk with the gate of the account. */
export const exitKinds = ['exits', 'exit-desk'] as const;
export const processKinds = ['restart', 'down'] as const;

export const faultKinds = [
  ...frameFaults,
  ...socketFaults,
  ...answerFaults,
  ...pageFaults,
  ...statementFaults,
  ...submitFaults,
  ...venueActs,
  ...untruths,
  ...processFaults,
  ...processKinds,
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type StepKind =
  | (typeof marketKinds)[number]
  | (typeof botKinds)[number]
  | (typeof moneyKinds)[number]
  | (typeof commandKinds)[number]
  | (typeof rowKinds)[number]
  | (typeof exitKinds)[number]
  | FaultKind;

export interface Step {
  readonly kind: StepKind;
  /** Milliseconds that pass before it. */
  readonly after: number;
  /** Which instrument, question or fact is meant: counted round. */
  readonly which: number;
  /** Two numbers in [0, 1000): sizes, prices, how long. */
  readonly a: number;
  readonly b: number;
}

const isIn = <T extends string>(list: readonly T[], kind: string): kind is T =>
  (list as readonly string[]).includes(kind);

export const isFault = (kind: StepKind): kind is FaultKind => isIn(faultKinds, kind);
export const isFrameFault = (kind: StepKind) => isIn(frameFaults, kind);
export const isCrash = (kind: StepKind) => isIn(processFaults, kind);

/** What can be asked of a venue, and what can go wrong with its answer. */
export const questions = ['statement', 'executions', 'cashFlows', 'order', 'openOrders'] as const;
export type Question = (typeof questions)[number];
export type AnswerFault =
  | (typeof answerFaults)[number]
  | (typeof pageFaults)[number]
  | (typeof statementFaults)[number];

/** Null: the step is no fault of an answer. */
export function answerFaultOf({ kind, which }: Step): readonly [Question, AnswerFault] | null {
  if (isIn(answerFaults, kind)) return [questions[which % questions.length]!, kind];
  if (isIn(pageFaults, kind)) return [which % 3 === 0 ? 'cashFlows' : 'executions', kind];
  return isIn(statementFaults, kind) ? ['statement', kind] : null;
}

export const stepText = ({ kind, after, which, a, b }: Step): string =>
  `+${after} ${kind} ${which} ${a} ${b}`;

/** Reads what `stepText` writes; throws for anything else. */
export function stepOf(text: string): Step {
  const match = text.match(/^\+(\d+) ([a-z-]+) (\d+) (\d+) (\d+)$/);
  if (match === null) throw new Error(`no step: ${text}`);
  const [, after, kind, which, a, b] = match;
  const numbers = { after: Number(after), which: Number(which), a: Number(a), b: Number(b) };
  return { kind: kind as StepKind, ...numbers };
}
