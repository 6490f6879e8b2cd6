/**
 * One step of an exit: an order is cancelled, changed or sent, and looked at until it is known
 * what became of it. An answer that was lost is no answer: the order is asked for by its name.
 */
import { compare, type Decimal, equals, subtract, zero } from '../../decimal/decimal.ts';
import type { ExitAction, ExitLine } from '../../exits/facts.ts';
import { exitOrderId } from '../../exits/order-name.ts';
import type { OrderReport } from '../../model/fact.ts';
import type { StatementOrder } from '../../model/statement.ts';
import type { OrderReference, OrderRequest, Submitted, Venue } from '../../venues/venue.ts';
import { type Asked, asked, type Patience, rest } from '../listening/asking.ts';
import { isOpen } from './observing.ts';
import { isPausing, refusalKind } from './refusals.ts';

/**
 *   placed, amended, cancelled  as it was wanted
 *   filled     it traded: in place of being cancelled or changed, or at market
 *   ended      it ended otherwise, and is looked at again
 *   flat       there is nothing left to reduce
 *   dust       the venue takes no order so small
 *   paused     the venue refused it by region or price band
 *   refused    for another reason
 *   unknown    nobody can say what became of it
 */
export type ExitOutcome =
  | 'placed'
  | 'amended'
  | 'cancelled'
  | 'filled'
  | 'ended'
  | 'flat'
  | 'dust'
  | 'paused'
  | 'refused'
  | 'unknown';

export interface ExitDeed {
  readonly instrument: string;
  readonly leg: ExitLine['leg'];
  readonly position: string | null;
  readonly what: ExitAction['do'];
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly outcome: ExitOutcome;
  /** The venue's code and words where it refused; why it was done elsewhere. */
  readonly code: string | null;
  readonly why: string;
  /** What the order filled since it was looked at; null: not known. */
  readonly filled: Decimal | null;
}

export interface Acting {
  readonly venue: Venue;
  readonly patience: Patience;
}

/** How often an order is asked for until it is seen as it should be, and the first pause. */
const looks = 8;
const firstLookMs = 100;
/** Names that were spent under one step. */
const attemptsMax = 50;

type Wanted<D extends ExitAction['do']> = Extract<ExitAction, { do: D }>;

export function carriedOut(acting: Acting, line: ExitLine, action: ExitAction): Promise<ExitDeed> {
  if (action.do === 'cancel') return cancel(acting, line, action);
  return action.do === 'amend' ? amend(acting, line, action) : create(acting, line, action);
}

const referenceOf = ({ instrument, orderId, clientOrderId }: StatementOrder): OrderReference => ({
  ...{ instrument, orderId, clientOrderId },
});

type Became = Pick<ExitDeed, 'outcome'> & Partial<Pick<ExitDeed, 'code' | 'why' | 'filled'>>;

function deed(line: ExitLine, action: ExitAction, became: Became): ExitDeed {
  const { instrument, leg, position } = line;
  const order = action.do === 'create' ? null : action.order;
  const { quantity, price } = action.do === 'cancel' ? action.order : action;
  return {
    ...{ instrument, leg, position, what: action.do, quantity, price },
    orderId: order?.orderId ?? null,
    clientOrderId: order?.clientOrderId ?? null,
    ...{ code: null, why: action.why, filled: null },
    ...became,
  };
}

/** Whatever is answered, the order itself says what became of it. */
async function cancel(acting: Acting, line: ExitLine, action: Wanted<'cancel'>): Promise<ExitDeed> {
  const { order } = action;
  const submitted = await acting.venue.cancel(referenceOf(order));
  const after = await awaited(acting, referenceOf(order), (report) => !isOpen(report), false);
  if (!after.ok) return deed(line, action, unknownBy(submitted, after.why));
  const report = after.value;
  if (report !== null && isOpen(report)) {
    const kind = submitted.status === 'refused' ? 'refused' : 'unknown';
    return deed(line, action, saidBy(kind, submitted, 'it is still open'));
  }
  const filled = filledSince(order, report);
  if (report?.status === 'filled') return deed(line, action, { outcome: 'filled', filled });
  return deed(line, action, { outcome: 'cancelled', filled });
}

async function amend(acting: Acting, line: ExitLine, action: Wanted<'amend'>): Promise<ExitDeed> {
  const { order, price, quantity } = action;
  const change = {
    ...(price === null ? {} : { price }),
    ...(quantity === null ? {} : { quantity }),
  };
  const submitted = await acting.venue.amend(referenceOf(order), change);
  if (submitted.status === 'refused' && refusalKind(submitted.code, submitted.why) !== 'gone') {
    return deed(line, action, refusedAs(submitted));
  }
  const isChanged = (report: OrderReport) =>
    (price === null || (report.price !== null && equals(report.price, price))) &&
    (quantity === null || equals(report.quantity, quantity));
  const isSettled = (report: OrderReport) => !isOpen(report) || isChanged(report);
  const after = await awaited(acting, referenceOf(order), isSettled, false);
  if (!after.ok) return deed(line, action, unknownBy(submitted, after.why));
  const report = after.value;
  const filled = filledSince(order, report);
  if (report?.status === 'filled') return deed(line, action, { outcome: 'filled', filled });
  if (report === null || !isOpen(report)) return deed(line, action, { outcome: 'ended', filled });
  if (isChanged(report)) return deed(line, action, { outcome: 'amended', filled });
  return deed(line, action, saidBy('unknown', submitted, 'it is still as it was'));
}

async function create(acting: Acting, line: ExitLine, action: Wanted<'create'>): Promise<ExitDeed> {
  const named = await unspentName(acting, line.instrument, action.stem);
  if (!named.ok) return deed(line, action, { outcome: 'unknown', why: named.why });
  const { clientOrderId, standing } = named.value;
  const name = { clientOrderId, orderId: standing?.orderId ?? null };
  // It was sent before, by a process that did not live to see it.
  const sent = standing === null ? await send(acting, line, action, clientOrderId) : null;
  if (sent?.status === 'refused') return { ...deed(line, action, refusedAs(sent)), ...name };
  const reference = { instrument: line.instrument, orderId: null, clientOrderId };
  const isMarket = action.price === null;
  const isSettled = (report: OrderReport) => !isMarket || !isOpen(report);
  const after = await awaited(acting, reference, isSettled, sent?.status === 'accepted');
  if (!after.ok) {
    const why = sent === null ? after.why : unknownBy(sent, after.why).why;
    return { ...deed(line, action, { outcome: 'unknown', ...(why && { why }) }), ...name };
  }
  const report = after.value;
  const orderId = report?.orderId ?? (sent?.status === 'accepted' ? sent.orderId : name.orderId);
  const became = becameOf(report, sent, standing?.filled ?? zero);
  return { ...deed(line, action, became), clientOrderId, orderId };
}

/** `before`: what it had filled when it was found. */
function becameOf(report: OrderReport | null, sent: Submitted | null, before: Decimal): Became {
  if (report === null) {
    // Taken, and nowhere to be seen: nobody knows. Not answered and not there: it never came.
    const isLost = sent?.status === 'accepted';
    return { outcome: isLost ? 'unknown' : 'ended', why: sent === null ? '' : wordsOf(sent) };
  }
  const filled = report.filled === null ? null : subtract(report.filled, before);
  if (report.status === 'filled') return { outcome: 'filled', filled };
  return { outcome: isOpen(report) ? 'placed' : 'ended', filled };
}

function send(
  { venue }: Acting,
  { instrument, leg }: ExitLine,
  { side, quantity, price }: Wanted<'create'>,
  clientOrderId: string,
): Promise<Submitted> {
  const request: OrderRequest = {
    ...{ clientOrderId, instrument, leg, side, quantity, price },
    type: price === null ? 'market' : 'limit',
    timeInForce: price === null ? 'ioc' : 'gtc',
    reduceOnly: true,
    trigger: null,
  };
  return venue.place(request);
}

interface Named {
  readonly clientOrderId: string;
  /** An order of that name which is open already; null: there is none. */
  readonly standing: OrderReport | null;
}

/** The first name of the step that no order has that ended. */
async function unspentName(
  { venue, patience }: Acting,
  instrument: string,
  stem: string,
): Promise<Asked<Named>> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const clientOrderId = exitOrderId(stem, attempt);
    const reference = { instrument, orderId: null, clientOrderId };
    const found = await asked(() => venue.order(reference), patience);
    if (!found.ok) return found;
    if (found.value === null || isOpen(found.value)) {
      return { ok: true, value: { clientOrderId, standing: found.value } };
    }
  }
  const why = `${attemptsMax} orders of ${stem} ended: something closes them again and again`;
  return { ok: false, why, credentials: false };
}

/**
 * The order once it is as it should be, or as it is after some time. Null: the venue has no such
 * order; `mustBe`: it was accepted, and a venue that does not list it yet is asked again.
 */
async function awaited(
  { venue, patience }: Acting,
  reference: OrderReference,
  isSettled: (report: OrderReport) => boolean,
  mustBe: boolean,
): Promise<Asked<OrderReport | null>> {
  for (let look = 1; ; look += 1) {
    const answer = await asked(() => venue.order(reference), patience);
    if (!answer.ok) return answer;
    const isDone = answer.value === null ? !mustBe : isSettled(answer.value);
    if (isDone || look >= looks || patience.signal.aborted) return answer;
    await rest(patience.clock, firstLookMs * 2 ** (look - 1), patience.signal);
  }
}

function filledSince(before: StatementOrder, report: OrderReport | null): Decimal | null {
  if (report === null || report.filled === null || before.filled === null) return null;
  const filled = subtract(report.filled, before.filled);
  return compare(report.filled, before.filled) < 0 ? null : filled;
}

const wordsOf = (submitted: Submitted): string =>
  submitted.status === 'accepted' ? 'accepted, and not there' : submitted.why;

const unknownBy = (submitted: Submitted, why: string): Became => ({
  outcome: 'unknown',
  why: submitted.status === 'accepted' ? why : `${submitted.why}; ${why}`,
});

function saidBy(outcome: 'refused' | 'unknown', submitted: Submitted, why: string): Became {
  if (submitted.status === 'accepted') return { outcome, why };
  const code = submitted.status === 'refused' ? submitted.code : null;
  return { outcome, code, why: `${submitted.why}; ${why}` };
}

function refusedAs({ code, why }: Extract<Submitted, { status: 'refused' }>): Became {
  const kind = refusalKind(code, why);
  const outcome = isPausing(kind)
    ? 'paused'
    : kind === 'flat' || kind === 'dust'
      ? kind
      : 'refused';
  return { outcome, code, why };
}
