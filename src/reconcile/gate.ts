/**
 * The trading gate: whether a bot may trade on this book now. Two tables decide it, and whatever
 * denies is said; nothing that is unknown lets anybody trade.
 */
import { ageText } from '../model/age.ts';
import { counted } from '../model/amount.ts';
import type { Break, BreakState, LineKind } from '../model/break.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import { isClosed } from '../model/life-cycle.ts';

/** A check against somebody else's word that is on record, or was just made. */
export interface GateCheck {
  /** By our clock: of the data, where they are older than the check. */
  readonly at: Instant;
  /** Every position, balance and order was known. */
  readonly complete: boolean;
}

export interface GateFacts {
  readonly now: Instant;
  readonly maxAgeMs: number;
  /** The last check of all; null: there was none. */
  readonly last: GateCheck | null;
  readonly lastComplete: GateCheck | null;
  /** When the process that asks began; null: it has no life of its own. */
  readonly startedAt: Instant | null;
  readonly breaks: readonly Break[];
}

export type GateCode =
  | 'never-checked'
  | 'not-since-start'
  | 'check-too-old'
  | 'answer-incomplete'
  | 'break-open'
  | 'settling';

export interface GateReason {
  readonly code: GateCode;
  readonly why: string;
  /** Names of the breaks that deny; empty where it is none. */
  readonly breaks: readonly string[];
}

export interface GateDecision {
  readonly gate: 'allow' | 'deny';
  /** Everything that denies; empty: nothing does. */
  readonly reasons: readonly GateReason[];
}

export const gateMaxAgeMs = 300_000;

export interface GateKindRow {
  readonly denies: boolean;
  readonly because: string;
}

/** What a break is about, and whether trading on it does harm. */
export const gateKinds: Readonly<Record<LineKind, GateKindRow>> = {
  position: { denies: true, because: 'orders are sized from it, and may turn or double it' },
  balance: { denies: true, because: 'orders are sized from it, and may spend what is not there' },
  order: { denies: true, because: 'an order that the book does not know may fill at any time' },
  total: { denies: true, because: 'a bot sizes its positions from the total that it stores' },
  'average-price': {
    denies: false,
    because: 'what is held is right; only profit and exits by price are stated wrongly',
  },
  fill: { denies: false, because: 'what it moves is a position or a balance, which denies itself' },
  'cash-flow': { denies: false, because: 'what it moves is a balance, which denies itself' },
  performance: { denies: false, because: 'it is history' },
  price: { denies: false, because: 'a bot trades at the prices of its venue, not at ours' },
};

interface GateRow {
  readonly code: GateCode;
  readonly when: string;
  readonly because: string;
  /** What denies; null: nothing. */
  readonly find: (facts: GateFacts) => Omit<GateReason, 'code'> | null;
}

const said = (why: string, breaks: readonly string[] = []) => ({ why, breaks });

/** Every row that applies denies. */
export const gateTable: readonly GateRow[] = [
  {
    code: 'never-checked',
    when: "no check against a venue, a statement or a bot's database was ever complete",
    because: 'a book that nobody confirmed may be anything',
    find: ({ lastComplete }) =>
      lastComplete === null ? said('no check of it was ever complete') : null,
  },
  {
    code: 'not-since-start',
    when: 'the process that asks began after the last complete check',
    because: 'what happened while it was away is not known',
    find: ({ lastComplete, startedAt }) =>
      lastComplete !== null && startedAt !== null && lastComplete.at < startedAt
        ? said('no check was complete since this process began')
        : null,
  },
  {
    code: 'check-too-old',
    when: 'the last complete check is older than the greatest age',
    because: 'nobody knows what the venue has done since',
    find: ({ lastComplete, now, maxAgeMs }) => {
      if (lastComplete === null) return null;
      const age = millisecondsBetween(lastComplete.at, now);
      return age > maxAgeMs ? said(`the last complete check is ${ageText(age)} old`) : null;
    },
  },
  {
    code: 'answer-incomplete',
    when: 'the last check did not get a whole answer',
    because: 'no answer is not an answer of zero',
    find: ({ last }) =>
      last !== null && !last.complete ? said('the last check did not get a whole answer') : null,
  },
  {
    code: 'break-open',
    when: 'a break is open, snoozed, or repaired and not verified, of a kind that denies',
    because: 'the book is wrong about what an order would be sized from',
    find: ({ breaks }) => {
      const open = breaks.filter((one) => isOf(one, wrong) && denies(one));
      const names = open.map(({ id }) => id);
      return open.length === 0 ? null : said(`${counted(open.length, 'break')} open`, names);
    },
  },
  {
    code: 'settling',
    when: 'a difference of such a kind is younger than the settle window',
    because: 'the next check says whether a fact was on its way; until then it is not known',
    find: ({ breaks }) => {
      const young = breaks.filter((one) => one.state === 'SETTLING' && denies(one));
      const names = young.map(({ id }) => id);
      return young.length === 0 ? null : said(`${counted(young.length, 'line')} settling`, names);
    },
  },
];

/** What a person accepted, up to a sum and a day, lets a bot trade. */
const wrong: ReadonlySet<BreakState> = new Set([
  ...(['OPEN', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'REPAIRED', 'REOPENED', 'SNOOZED'] as const),
]);

const isOf = (one: Break, states: ReadonlySet<BreakState>): boolean =>
  !isClosed(one) && states.has(one.state);

const denies = ({ lines }: Break): boolean => lines.some(({ what }) => gateKinds[what].denies);

export function decideGate(facts: GateFacts): GateDecision {
  const reasons = gateTable.flatMap(({ code, find }): readonly GateReason[] => {
    const found = find(facts);
    return found === null ? [] : [{ code, ...found }];
  });
  return { gate: reasons.length === 0 ? 'allow' : 'deny', reasons };
}
