/**
 * Aged positions as far as the book and the newest statement on record know them. Nobody is asked:
 * what would be sent is decided anew when it is due, by prices and orders of then.
 */
import { isZero } from '../../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import type { ExitAction, ExitLine, ExitPrices } from '../../../exits/facts.ts';
import { planExits } from '../../../exits/plan.ts';
import { type ExitRules, usualExitRules } from '../../../exits/rules.ts';
import { type Instant, instantTextOrNull } from '../../../model/instant.ts';
import { isComplete } from '../../../reconcile/scope.ts';
import type { Account } from '../../../store/accounts.ts';
import { pausesAt, pausesFileOf } from '../../exiting/pauses.ts';
import type { VenueSettings } from '../../venues/settings.ts';
import type { ExitRow } from '../documents/operations.ts';
import type { ServingParts } from '../parts.ts';
import { standingsOf } from './standings.ts';

export interface ExitsSeen {
  readonly rows: readonly ExitRow[];
  /** Of the statement; null: there is none. */
  readonly asOf: Instant | null;
}

export function exitsOf(
  parts: ServingParts,
  account: Account,
  settings: VenueSettings | null,
): ExitsSeen {
  const { reader, clock, markMaxAgeMs, book } = parts;
  const { view, fold } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const held = view.positions.filter(({ type, quantity }) => type !== 'spot' && !isZero(quantity));
  const statement = standingsOf(reader).of(account).lastAnswered?.statement() ?? null;
  const { positions = null, orders = null } = statement ?? {};
  const now = clock.now();
  const rules = settings?.exits?.rules ?? usualExitRules;
  const plan = planExits({
    ...{ now, held, rules },
    positions: isComplete(positions) ? positions!.items : null,
    orders: isComplete(orders) ? orders!.items : null,
    ...{ conditional: new Set(), trailing: new Set(), canAmend: true },
    prices: new Map(held.flatMap((one) => priceOf(one))),
    instruments: new Map(fold.context.instruments().map((one) => [one.name, one])),
    pauses: pausesAt(pausesFileOf(book, account.name)).at(now),
  });
  const asOf = statement?.asOf ?? null;
  const own = {
    account: account.name,
    acting: parts.desks.some((desk) => desk.account === account.name && desk.leavesAged),
    asOf: instantTextOrNull(asOf),
  };
  return { rows: plan.lines.map((line) => ({ ...own, ...rowOf(line, rules) })), asOf };
}

/** At the mark: what the book knows of prices. */
function priceOf({
  instrument,
  mark,
}: {
  readonly instrument: string;
  readonly mark: { readonly price: ExitPrices['mark']; readonly time: Instant } | null;
}): readonly (readonly [string, ExitPrices])[] {
  if (mark === null) return [];
  return [[instrument, { at: mark.time, bid: null, ask: null, last: null, mark: mark.price }]];
}

const nanosPerMs = 1_000_000n;

/** What is of the account is the same for each of its lines. */
type OfLine = Omit<ExitRow, 'account' | 'acting' | 'asOf'>;

function rowOf(line: ExitLine, rules: ExitRules): OfLine {
  const { age, order, target } = line;
  return {
    ...{ instrument: line.instrument, leg: line.leg },
    quantity: toText(line.quantity),
    openedAt: instantTextOrNull(line.openedAt),
    ageSeconds: age === null ? null : Number(age / (1_000n * nanosPerMs)),
    phase: line.phase ?? line.standing,
    nextPhaseAt: instantTextOrNull(nextPhase(line, rules)),
    targetPrice: toTextOrNull(target?.price ?? null),
    mark: toTextOrNull(line.price),
    order: order && {
      ...{ orderId: order.orderId, quantity: toText(order.quantity) },
      price: toTextOrNull(order.price),
    },
    step: stepOf(line),
    paused: line.standing === 'paused' ? line.why : null,
  };
}

/** Null: it is in the last one, or its age is not known. */
function nextPhase({ openedAt, age }: ExitLine, rules: ExitRules): Instant | null {
  if (openedAt === null || age === null) return null;
  const grace = rules.limitAgeMs + rules.graceMs;
  const begins = [rules.limitAgeMs, grace, grace + rules.marketAfterMs];
  const next = begins.map((ms) => BigInt(ms) * nanosPerMs).find((at) => at > age);
  return next === undefined ? null : openedAt + next;
}

function stepOf({ actions, why, standing }: ExitLine): string {
  const [first] = actions;
  if (first === undefined) return `${standing}: ${why}`;
  return `${wordsOf(first)}: ${first.why}`;
}

function wordsOf(action: ExitAction): string {
  switch (action.do) {
    case 'cancel':
      return `cancel ${action.order.orderId}`;
    case 'amend':
      return `amend ${action.order.orderId}`;
    case 'create': {
      const price = action.price === null ? 'at market' : `at ${toText(action.price)}`;
      return `${action.side} ${toText(action.quantity)} ${price}`;
    }
  }
}
