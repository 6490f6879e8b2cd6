/** The tabs of the inbox: what needs somebody first. */
import type { BreakSummary, Breaks } from '../../api/breaks.ts';
import { closedStates, heldStates } from '../../words/break-words.ts';

export interface View {
  readonly name: string;
  readonly words: string;
  readonly has: (one: BreakSummary) => boolean;
  /** What is said where it is empty. */
  readonly empty: string;
}

const isOpen = ({ state }: BreakSummary): boolean =>
  state !== 'SETTLING' && !closedStates.includes(state) && !heldStates.includes(state);

export const views: readonly View[] = [
  {
    ...{ name: 'needs-you', words: 'Needs you', empty: 'Nothing waits for you' },
    has: (one) => isOpen(one) && ['person', 'nobody'].includes(one.waitsFor),
  },
  { name: 'open', words: 'Open', empty: 'No break is open', has: isOpen },
  {
    ...{ name: 'settling', words: 'Settling', empty: 'Nothing settles' },
    has: ({ state }) => state === 'SETTLING',
  },
  {
    ...{ name: 'held', words: 'Snoozed and accepted', empty: 'Nothing is left alone' },
    has: ({ state }) => heldStates.includes(state),
  },
  {
    ...{ name: 'closed', words: 'Closed', empty: 'No break was closed yet' },
    has: ({ state }) => closedStates.includes(state),
  },
];

const isOf = (mode: string) => (one: BreakSummary) => one.mode === mode;

export const rowsOf = (breaks: Breaks, view: View, mode: string, bucket: string | null) =>
  breaks.items.filter(
    (one) => isOf(mode)(one) && view.has(one) && (bucket === null || bucketOf(one) === bucket),
  );

const below: readonly (readonly [bucket: string, seconds: number])[] = [
  ['0-5 m', 300],
  ['5-60 m', 3_600],
  ['1-24 h', 86_400],
  ['1-7 d', 604_800],
];

/** As the service counts them. */
export function bucketOf({ state, ageSeconds }: BreakSummary): string {
  if (state === 'SETTLING') return 'settling';
  return below.find(([, seconds]) => ageSeconds < seconds)?.[0] ?? '>7 d';
}
