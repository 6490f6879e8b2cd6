/**
 * What a bot's rows are held against. The book where it was just found TRUE, for then it has every
 * execution since it began; else what the venue or a statement says, with the executions that it
 * lists; else the book as it is, which proves nothing.
 */
import { compareOrder, orderOf } from '../../books/effective-order.ts';
import { isZero } from '../../decimal/decimal.ts';
import { factOf } from '../../journal/codec.ts';
import type { BookedFact } from '../../model/entry.ts';
import type { Fill, Leg } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';
import type { Reason } from '../../model/reason.ts';
import type { Statement, StatementBalance, StatementPosition } from '../../model/statement.ts';
import type { BookSide } from '../../reconcile/book-side.ts';
import type { PositionTruth } from '../../reconcile/positions/port.ts';
import { legId } from '../../reconcile/positions/stated.ts';
import { isComplete } from '../../reconcile/scope.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import type { CheckedAccount } from '../../report/check-document.ts';
import type { Account } from '../../store/accounts.ts';
import { contextOf } from '../account-context.ts';
import { sidesOf } from '../book-side.ts';
import type { BookReader } from '../reading.ts';
import { knownBreaks, type StatementSource } from '../reconcile-entries.ts';
import type { Compared } from '../reconciling.ts';
import { registeredAt } from './positions-instruments.ts';

export interface TruthRequest {
  readonly now: Instant;
  readonly markMaxAgeMs: number;
  /** What the venue lists now, by which stored symbols are known. */
  readonly instruments: readonly Instrument[];
}

/** `checked`: of the same comparison. To be asked inside a read of the file. */
export function truthOf(
  reader: BookReader,
  { account, source }: Compared,
  checked: CheckedAccount | null,
  request: TruthRequest,
): PositionTruth {
  const statement = source?.statement ?? null;
  const asOf = statement?.asOf ?? request.now;
  const side = sideAsOf(reader, account, statement ?? bareStatement(account, asOf), request);
  // Also those that were never traded: a stored symbol may be one of them.
  const known = registeredAt(reader.file, account.venue);
  const instruments = new Map(known.map((one) => [one.name, one]));
  const listed = [...side.instruments.values(), ...request.instruments];
  for (const one of listed) instruments.set(one.name, one);
  const ordersOf = (orderId: string) => reportsOf(reader, account, orderId);
  const shared = { instruments, marks: side.marks, ordersOf };
  if (source === null) return { ...shared, ...bookTruth(reader, account, side, null) };
  if (checked !== null && agrees(checked)) {
    const agreed = agreedWith(source, checked, instruments);
    return { ...shared, ...bookTruth(reader, account, side, agreed) };
  }
  const stated = statedTruth(source);
  const own = bookTruth(reader, account, side, null);
  const { through = null } = reader.file.feed(account.venue, account.name, 'executions') ?? {};
  const isSound = checked !== null && lacksFillsAlone(checked);
  return { ...shared, ...stated, ...joined(own, stated, { through, isSound, asOf }) };
}

type Listed = Pick<PositionTruth, 'fills' | 'fillsCompleteSince' | 'fillsScope'>;

interface Joint {
  /** Up to when the book was listed by its venue; null: it was not. */
  readonly through: Instant | null;
  /** What the book has is right, whatever it lacks. */
  readonly isSound: boolean;
  readonly asOf: Instant;
}

/**
 * Executions of both. A list that begins where a sound book was listed to goes on from there; one
 * that is missing is made up for by a book that was listed up to that moment. Else those that we
 * have are evidence, and nothing is complete.
 */
function joined(own: Listed, stated: Listed, { through, isSound, asOf }: Joint): Listed {
  const since = stated.fillsCompleteSince;
  const { fills, fillsCompleteSince } = own;
  const reaches = (at: Instant): boolean => through !== null && through >= at;
  if (since === null)
    return {
      fills,
      fillsCompleteSince: reaches(asOf) ? fillsCompleteSince : null,
      fillsScope: null,
    };
  const { fills: newer, fillsScope = null } = stated;
  const goesOn = isSound && reaches(since) && fillsCompleteSince !== null;
  if (!goesOn || fillsCompleteSince >= since) {
    return { fills: newer, fillsCompleteSince: since, fillsScope };
  }
  const joint = [...fills.filter(({ time }) => time < since), ...newer];
  return { fills: joint, fillsCompleteSince, fillsScope };
}

const missing: ReadonlySet<Reason> = new Set(['FILL_MISSING', 'LIQUIDATION_MISSING']);

/** Wherever a position of the book differs, executions that it lacks are proven to be all. */
function lacksFillsAlone({ reconciled: { comparison, breaks } }: CheckedAccount): boolean {
  const ofPositions = breaks.filter(
    (one) =>
      isOpen(one) &&
      one.lines.some(({ what, oursParty }) => what === 'position' && oursParty !== 'source'),
  );
  return (
    comparison !== null &&
    ofPositions.every(({ reason, confidence }) => confidence === 'proven' && missing.has(reason))
  );
}

/**
 * The book of whoever listens: every execution that was told is in it. Proof as long as no gap is
 * open, for then nothing is known to be missing. `since`: no older executions are read, for this is
 * asked after each of them.
 */
export function followedTruth(
  reader: BookReader,
  account: Account,
  { now, markMaxAgeMs, instruments }: TruthRequest,
  since: Instant,
): PositionTruth {
  const { file } = reader;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const held = view.positions.filter(({ asset }) => asset === null);
  const known = contextOf(file, account).instruments();
  const facts = bookedSince(reader, account, since);
  const began = completeSince(reader, account, facts, null);
  const whole = { complete: true, error: null, from: null, to: null };
  const statement: Statement = {
    ...bareStatement(account, now),
    positions: {
      ...{ ...whole, scope: held.map(({ instrument }) => instrument) },
      items: held.flatMap(({ instrument, leg, quantity, averagePrice }): StatementPosition[] =>
        isZero(quantity)
          ? []
          : [{ instrument, leg, quantity, averagePrice, markPrice: null, unrealisedPnl: null }],
      ),
    },
    balances: {
      ...{ ...whole, scope: view.balances.map(({ currency }) => currency) },
      items: view.balances.map(totalOf),
    },
  };
  return {
    ...{
      party: 'book',
      statement,
      proven: file.openGaps(account.venue, account.name).length === 0,
      doubted: doubtedLegs(reader, account),
    },
    fills: fillsIn(facts),
    fillsCompleteSince: began === null || began > since ? began : since,
    instruments: new Map([...known, ...instruments].map((one) => [one.name, one])),
    marks: (instrument) => file.newestMark(instrument, now),
    ordersOf: (orderId) => reportsOf(reader, account, orderId),
  };
}

/** The newest report of each order of that name. */
function reportsOf({ file }: BookReader, { account, name }: Account, orderId: string) {
  const rows = file.ordersWithId(account, orderId);
  const entries = rows.flatMap(({ sequence }) => file.entriesAt(account, [sequence]));
  return entries.map((entry) => factOf(entry, name)).filter((fact) => fact.kind === 'order');
}

/** Legs that a check of the book itself found to differ, and that no later one found right. */
function doubtedLegs({ file }: BookReader, { account }: Account): ReadonlySet<string> {
  const own = knownBreaks(file, account).breaks.filter(
    (one) => isOpen(one) && one.lines.every(({ oursParty }) => oursParty !== 'source'),
  );
  const lines = own.flatMap((one) => [...one.lines, ...one.facts]);
  return new Set(
    lines.flatMap(({ what, key, instrument, leg }) => {
      const name = what === 'position' ? key : instrument;
      return name === null ? [] : [legId(name, leg ?? 'net')];
    }),
  );
}

function bookedSince(reader: BookReader, account: Account, since: Instant): readonly BookedFact[] {
  const { file } = reader;
  const opening = [...file.entriesOfKind(account.account, 'opening')];
  const fills = file.entriesBetween(account.account, since, endOfTime, ['fill']);
  return [...opening, ...fills].flatMap((row) => reader.inForce(account, row) ?? []);
}

/** Beyond every instant that has a text. */
const endOfTime = 1n << 62n;

/** No break of the book's own lines, also none that somebody lives with. */
function agrees({ reconciled: { comparison, unknown, breaks } }: CheckedAccount): boolean {
  const isOwn = breaks.every(
    ({ state, lines }) =>
      lines[0]!.oursParty === 'source' || state === 'VERIFIED' || state === 'SELF_CLEARED',
  );
  return comparison !== null && unknown.length === 0 && isOwn;
}

function sideAsOf(
  reader: BookReader,
  account: Account,
  statement: Statement,
  { markMaxAgeMs }: TruthRequest,
): BookSide {
  const books = reader.booksNow(account, markMaxAgeMs);
  return sidesOf(reader, books, statement, markMaxAgeMs).side;
}

const totalOf = ({ currency, total }: Pick<StatementBalance, 'currency' | 'total'>) => ({
  ...{ currency, total, available: null, equity: null, borrowed: null },
});

const bareStatement = ({ name, venue }: Account, asOf: Instant): Statement => ({
  ...{ account: name, venue, asOf, takenAt: null, positions: null, balances: null },
  ...{ orders: null, executions: null, cashFlows: null },
});

type Told = Omit<PositionTruth, 'instruments' | 'marks' | 'ordersOf'>;

/** What the book was found to agree with, and what is in it of which the book never heard. */
interface Agreed {
  readonly statement: Statement;
  readonly positions: readonly StatementPosition[];
  readonly balances: readonly StatementBalance[];
  readonly foreign: NonNullable<PositionTruth['foreign']>;
}

function agreedWith(
  { statement, live }: StatementSource,
  { reconciled: { comparison } }: CheckedAccount,
  instruments: ReadonlyMap<string, Instrument>,
): Agreed {
  const aside = comparison!.foreign;
  const names = new Set(aside.map(({ what, key, leg }) => `${what} ${key} ${leg}`));
  const isLeg = (instrument: string, leg: Leg) => names.has(`position ${instrument} ${leg}`);
  const isCoin = (currency: string) => names.has(`balance ${currency} null`);
  const coinOf = (name: string): string | null => {
    const one = instruments.get(name) ?? instrumentFromName(statement.venue ?? '', name);
    return one?.type === 'spot' ? one.base : null;
  };
  return {
    statement,
    positions: (statement.positions?.items ?? []).filter((one) => isLeg(one.instrument, one.leg)),
    balances: (statement.balances?.items ?? []).filter(({ currency }) => isCoin(currency)),
    foreign: {
      party: live === undefined ? 'statement' : 'venue',
      isOf: (name, leg) => isLeg(name, leg) || isCoin(coinOf(name) ?? ''),
    },
  };
}

/** `agreed`: null where nobody confirms the book. */
function bookTruth(
  reader: BookReader,
  account: Account,
  side: BookSide,
  agreed: Agreed | null,
): Told {
  const facts = [...reader.factsInForce(account)];
  const stated = new Map(
    agreed?.statement.positions?.items.map((one) => [`${one.instrument} ${one.leg}`, one]),
  );
  const positions = side.positions.flatMap((one): StatementPosition[] => {
    const { instrument, leg, quantity, averagePrice } = one;
    if (isZero(quantity)) return [];
    const { markPrice = null, unrealisedPnl = null } = stated.get(`${instrument} ${leg}`) ?? {};
    return [{ instrument, leg, quantity, averagePrice, markPrice, unrealisedPnl }];
  });
  const whole = { complete: true, error: null, from: null, to: null };
  // A book that nobody confirms says nothing of what it never held.
  const held = side.positions.map(({ instrument }) => instrument);
  const coins = side.balances.map(({ currency }) => currency);
  const said = agreed?.statement ?? null;
  const statement: Statement = {
    ...bareStatement(account, side.asOf),
    takenAt: said?.takenAt ?? null,
    positions: {
      ...whole,
      scope: said === null || said.positions === null ? held : said.positions.scope,
      items: [...positions, ...(agreed?.positions ?? [])],
    },
    balances: {
      ...whole,
      scope: said === null || said.balances === null ? coins : said.balances.scope,
      items: [...side.balances.map(totalOf), ...(agreed?.balances ?? [])],
    },
    orders: said?.orders ?? null,
  };
  return {
    ...{ party: 'book', statement, proven: agreed !== null },
    ...(agreed === null ? {} : { foreign: agreed.foreign }),
    fills: fillsIn(facts),
    fillsCompleteSince: completeSince(reader, account, facts, said),
    // A book that was listed has all of the account; else it is as whole as what agrees with it.
    fillsScope: isFed(reader, account) ? null : (said?.executions?.scope ?? null),
  };
}

function fillsIn(facts: readonly BookedFact[]): readonly Fill[] {
  const keyed = facts.flatMap((booked) =>
    booked.fact.kind === 'fill' ? [{ fill: booked.fact, key: orderOf(booked) }] : [],
  );
  return keyed.sort((a, b) => compareOrder(a.key, b.key)).map(({ fill }) => fill);
}

/**
 * The book has everything from its opening on; without one, from where it was listed from, which
 * is the venue's beginning where nothing else was asked for. An open gap ends all that was before.
 */
function completeSince(
  { file }: BookReader,
  { venue, name }: Account,
  facts: readonly BookedFact[],
  agreed: Statement | null,
): Instant | null {
  const opening = facts.find(({ fact }) => fact.kind === 'opening')?.fact.time ?? null;
  const times = facts.flatMap(({ fact }) => (fact.kind === 'fill' ? [fact.time] : []));
  const feed = file.feed(venue, name, 'executions');
  const listed = feed === null || feed.through === null ? [] : [feed.since ?? 0n];
  const executions = agreed?.executions ?? null;
  const stated = isComplete(executions) && executions!.from !== null ? [executions!.from] : [];
  const began = opening ?? earliest([...times, ...listed, ...stated]);
  if (began === null) return null;
  return file.openGaps(venue, name).reduce((since, { to }) => (to > since ? to : since), began);
}

const isFed = ({ file }: BookReader, { venue, name }: Account): boolean =>
  file.feed(venue, name, 'executions')?.through != null;

const earliest = (times: readonly Instant[]): Instant | null =>
  times.reduce<Instant | null>((a, b) => (a === null || b < a ? b : a), null);

/** What somebody says by themselves: proof where it lists positions and executions whole. */
function statedTruth({ statement, live }: StatementSource): Told {
  const { positions, executions } = statement;
  const isListed = isComplete(executions) && executions!.from !== null;
  const told = (executions?.items ?? []).map((fact, index) => {
    const sequence = index + 1;
    return { fill: fact, key: orderOf({ sequence, fact, rates: [] }) };
  });
  return {
    party: live === undefined ? 'statement' : 'venue',
    statement,
    fills: told.sort((a, b) => compareOrder(a.key, b.key)).map(({ fill }) => fill),
    fillsCompleteSince: isListed ? executions!.from : null,
    fillsScope: executions?.scope ?? null,
    // One snapshot of a live venue may be torn: a second one has to agree with it.
    proven: isComplete(positions) && isListed && (live === undefined || isConfirmed(live)),
  };
}

const isConfirmed = ({ doubt, first }: NonNullable<StatementSource['live']>): boolean =>
  doubt === null && first !== null;
