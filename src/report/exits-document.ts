/** The JSON of `exits`: aged positions of venues, what is due of each, and what was done. */
import type { Decimal } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { ExitAction, ExitLine, ExitPlan } from '../exits/facts.ts';
import type { ExitRules } from '../exits/rules.ts';
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';
import type { StatementOrder } from '../model/statement.ts';

export interface ExitsInput {
  readonly venue: string;
  readonly account: string;
  readonly accountMode: 'live' | 'paper';
  readonly mode: 'plan' | 'apply';
  readonly configured: boolean;
  readonly rules: ExitRules;
  readonly plan: ExitPlan;
  readonly after: ExitPlan | null;
  readonly deeds: readonly DeedInput[];
  readonly stopped: { readonly code: string; readonly why: string } | null;
  readonly verified: readonly {
    readonly instrument: string;
    readonly leg: string;
    readonly ours: string;
    readonly theirs: string;
    readonly isEqual: boolean;
  }[];
  readonly exitCode: number;
}

interface DeedInput {
  readonly instrument: string;
  readonly leg: string;
  readonly what: string;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly why: string;
  readonly filled: Decimal | null;
}

export type ExitsDocument = ReturnType<typeof exitsDocument>;
export type ExitsVenue = ExitsDocument['venues'][number];
export type ExitsPosition = ExitsVenue['positions'][number];

/** As formats have it: an error, a refused key, work, doubt, what is not configured, done. */
const precedence = [1, 4, 3, 5, 6, 0];

export function exitsDocument(reports: readonly ExitsInput[]) {
  const exitCode = precedence.find((code) => reports.some((one) => one.exitCode === code)) ?? 0;
  const venues = [...reports].sort(byVenue).map(venueOf);
  return { schema: 'trueup.exits/1', exitCode, venues } as const;
}

const byVenue = (a: ExitsInput, b: ExitsInput): number => (a.venue < b.venue ? -1 : 1);

function venueOf(report: ExitsInput) {
  const { venue, account, accountMode, mode, configured, rules, plan, after, deeds, stopped } =
    report;
  const seen = after ?? plan;
  const told = stopped === null ? null : { code: stopped.code, why: stopped.why };
  return {
    ...{ venue, account, accountMode, mode, configured, exitCode: report.exitCode },
    /** By the venue's clock; null: it gave no answer. */
    at: seen.lines.length === 0 && seen.now === 0n ? null : instantText(seen.now),
    rules: rulesOf(rules),
    /** As they were found; after something was done, as they were seen last. */
    positions: seen.lines.map(positionOf),
    unknown: seen.unknown.map(({ what, why }) => ({ what, why })),
    done: deeds.map(deedOf),
    stopped: told,
    verified: report.verified.map(({ instrument, leg, ours, theirs, isEqual }) => ({
      ...{ instrument, leg, ours, theirs, equal: isEqual },
    })),
  };
}

const hourMs = 3_600_000;

/** As settings take it. */
const duration = (ms: number): string => (ms % hourMs === 0 ? `${ms / hourMs}h` : `${ms}ms`);

const rulesOf = (rules: ExitRules) => ({
  limitAge: duration(rules.limitAgeMs),
  grace: duration(rules.graceMs),
  lossStep: toText(rules.lossStep),
  maximumLoss: toText(rules.maximumLoss),
  accelerateAfter: duration(rules.accelerateAfterMs),
  acceleration: toText(rules.acceleration),
  marketAfter: duration(rules.marketAfterMs),
  commission: toText(rules.commission),
  requoteAbove: toText(rules.requoteAbove),
  crossWithin: toText(rules.crossWithin),
  pause: duration(rules.pauseMs),
  minimumNotional: toTextOrNull(rules.minimumNotional),
  adopts: [...rules.adopts],
});

const nanos = 1_000_000_000n;
const secondsOf = (age: Instant): number => Number(age / nanos);

function positionOf(line: ExitLine) {
  const { target } = line;
  return {
    ...{ instrument: line.instrument, leg: line.leg },
    quantity: toText(line.quantity),
    booked: toTextOrNull(line.booked),
    openedAt: instantTextOrNull(line.openedAt),
    ageSeconds: line.age === null ? null : secondsOf(line.age),
    entry: toTextOrNull(line.entry),
    price: toTextOrNull(line.price),
    phase: line.phase,
    toleratedLoss: toTextOrNull(line.loss),
    target: target === null ? null : targetOf(target),
    ...{ standing: line.standing, why: line.why },
    order: line.order === null ? null : orderOf(line.order),
    ordersBeside: line.beside,
    actions: line.actions.map(actionOf),
  };
}

const targetOf = ({ price, because }: NonNullable<ExitLine['target']>) => ({
  type: price === null ? ('market' as const) : ('limit' as const),
  price: toTextOrNull(price),
  because,
});

const orderOf = (order: StatementOrder) => ({
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  quantity: toText(order.quantity),
  filled: toTextOrNull(order.filled),
  price: toTextOrNull(order.price),
});

function actionOf(action: ExitAction) {
  const order = action.do === 'create' ? null : action.order;
  const { price, quantity } = action.do === 'cancel' ? { price: null, quantity: null } : action;
  return {
    do: action.do,
    orderId: order?.orderId ?? null,
    side: action.do === 'create' ? action.side : action.order.side,
    quantity: toTextOrNull(quantity),
    price: toTextOrNull(price),
    why: action.why,
  };
}

const deedOf = (deed: DeedInput) => ({
  ...{ instrument: deed.instrument, leg: deed.leg, do: deed.what },
  ...{ orderId: deed.orderId, clientOrderId: deed.clientOrderId },
  quantity: toTextOrNull(deed.quantity),
  price: toTextOrNull(deed.price),
  filled: toTextOrNull(deed.filled),
  ...{ outcome: deed.outcome, code: deed.code, why: deed.why },
});
