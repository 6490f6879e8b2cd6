/** The tabs of the inbox: what needs somebody first. */
import type { BreakState, BreakSummary, Breaks } from '../../api/breaks.ts';
import { closedStates, heldStates } from '../../words/break-words.ts';

export interface View {
  readonly name: string;
  readonly words: string;
  /** Of an instant that is past; absent: the same. */
  readonly wordsThen?: string;
  readonly has: (one: BreakSummary) => boolean;
  /** How many there are, by what the service counted: also of those that were not read yet. */
  readonly count: (of: Counts) => number;
  /** What is said where it is empty. */
  readonly empty: string;
}

type Counts = Pick<Breaks, 'states' | 'waits'>;

const inStates =
  (...names: readonly BreakState[]) =>
  ({ states }: Counts): number =>
    names.reduce((sum, name) => sum + (states[name] ?? 0), 0);

const isOpen = ({ state }: BreakSummary): boolean =>
  state !== 'SETTLING' && !closedStates.includes(state) && !heldStates.includes(state);

export const views: readonly View[] = [
  {
    ...{ name: 'needs-you', words: 'Needs you', wordsThen: 'Needed you' },
    empty: 'Nothing waits for you',
    has: (one) => isOpen(one) && ['person', 'nobody'].includes(one.waitsFor),
    count: ({ waits }) => (waits['person'] ?? 0) + (waits['nobody'] ?? 0),
  },
  {
    ...{ name: 'open', words: 'Open', empty: 'No break is open', has: isOpen },
    count: ({ waits }) => Object.values(waits).reduce((sum, count) => sum + count, 0),
  },
  {
    ...{ name: 'settling', words: 'Settling', empty: 'Nothing settles' },
    has: ({ state }) => state === 'SETTLING',
    count: inStates('SETTLING'),
  },
  {
    ...{ name: 'held', words: 'Snoozed and accepted', empty: 'Nothing is left alone' },
    has: ({ state }) => heldStates.includes(state),
    count: inStates(...heldStates),
  },
  {
    ...{ name: 'closed', words: 'Closed', empty: 'No break was closed yet' },
    has: ({ state }) => closedStates.includes(state),
    count: inStates(...closedStates),
  },
];

interface Chosen {
  readonly view: View;
  readonly mode: string;
  /** An age; null: any. */
  readonly bucket: string | null;
}

export const rowsOf = (items: readonly BreakSummary[], { view, mode, bucket }: Chosen) =>
  items.filter(
    (one) => one.mode === mode && view.has(one) && (bucket === null || bucketOf(one) === bucket),
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
