/**
 * What a live venue says of its account, taken so that it can be compared: asked again where it
 * failed or went back in time, and once more after a pause where it differs. What failed, came too
 * late or is too old is no answer, and says so in every section.
 */
import type { OrderReport } from '../../model/fact.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import { statementText } from '../../model/write-statement.ts';
import type { LiveStatement, SnapshotDoubt, Waiting } from '../../reconcile/live/evidence.ts';
import type { Answer, Venue, VenueStatement } from '../../venues/venue.ts';
import { asked, rest } from '../listening/asking.ts';
import type { StatementSource } from '../reconcile-entries.ts';
import type { WaitingClock } from '../system-clock.ts';
import { executionsIn, historySince } from './history.ts';
import { ordersAskedFor, withOrders } from './orders.ts';

export interface TakingTimes {
  /** Younger differences may clear by themselves. */
  readonly settleMs: number;
  /** Two snapshots are so far apart: as late as a venue may list what happened. */
  readonly confirmMs: number;
  /** An older statement is no answer about now. */
  readonly statementMaxAgeMs: number;
  /** What takes longer is no answer. */
  readonly answerMaxMs: number;
  readonly tries: number;
}

export const usualTimes: TakingTimes = {
  settleMs: 60_000,
  confirmMs: 10_000,
  statementMaxAgeMs: 300_000,
  answerMaxMs: 60_000,
  tries: 3,
};

/** What was listed late lies a little behind what was found true. */
export const overlapMs = 60_000;

/** What was known before the venue was asked. */
export interface KnownBefore {
  /** Youngest fact of the account that we hold: an answer that is older leaves it out. */
  readonly youngest: Instant | null;
  /** The last whole statement of this venue on record. */
  readonly before: Statement | null;
  /** When all was true last; null: not as far as anybody knows. */
  readonly trueAt: Instant | null;
  /** From when on executions and cash flows are listed where something differs; null: as told. */
  readonly since: Instant | null;
  /** The same of positions that the book never held, and that were not there then. */
  readonly strangersSince: Instant | null;
  /** Coins that it should have. */
  readonly coins: readonly string[];
}

const nothingKnown: KnownBefore = {
  ...{ youngest: null, before: null, trueAt: null, since: null, strangersSince: null, coins: [] },
};

export interface TakeRequest {
  readonly clock: WaitingClock;
  readonly signal: AbortSignal;
  readonly times?: Partial<TakingTimes>;
  readonly known?: KnownBefore;
  /** What comparing it shows; absent: there may be anything. */
  readonly look?: (source: TakenSource) => Looked;
  /** Messages that are kept and not in the book yet, as they are once the answers are there. */
  readonly waiting?: () => readonly Waiting[];
  /** A person said that an empty answer is to be believed. */
  readonly believesEmpty?: boolean;
  /** Lists go back to when all was true, no further: the hour before was listed a while ago. */
  readonly isBrief?: boolean;
}

export interface Looked {
  /** There is something to be confirmed. */
  readonly differs: boolean;
  /** Something of it is not confirmed, or too young. */
  readonly settles: boolean;
  /** Something of it is not proven by what is listed. */
  readonly open: boolean;
  /** Orders that are open in the book, and that a whole list of open ones lacks. */
  readonly ghosts: readonly OrderReport[];
  /** Instruments of positions that the book never held, where nobody can say whose they are. */
  readonly strangers: ReadonlySet<string>;
}

/** Nothing is known of it. */
export const anything: Looked = {
  ...{ differs: true, settles: true, open: true, ghosts: [], strangers: new Set<string>() },
};

/** A statement of a live venue, with all that is known of how it was taken. */
export interface TakenSource extends StatementSource {
  readonly live: LiveStatement;
}

export interface Taken {
  readonly venue: string;
  readonly account: string;
  /** To be compared, and noted; without an answer it says so in every section. */
  readonly source: TakenSource;
  /** Why there is no answer; null: there is one. */
  readonly why: string | null;
  /** The key is wrong, expired or lacks a permission. */
  readonly credentials: boolean;
}

/** Never throws for what a venue does. */
export const takeVenueStatement = (venue: Venue, request: TakeRequest): Promise<Taken> =>
  new Taking(venue, request).run();

type Snapshot =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly doubt: SnapshotDoubt; readonly credentials: boolean };

class Taking {
  readonly #venue: Venue;
  readonly #request: TakeRequest;
  readonly #times: TakingTimes;
  readonly #known: KnownBefore;
  /** Since when all executions of strangers are listed, whatever the list of all covers. */
  #strangersListed: Instant | null = null;

  constructor(venue: Venue, request: TakeRequest) {
    this.#venue = venue;
    this.#request = request;
    this.#times = { ...usualTimes, ...request.times };
    this.#known = request.known ?? nothingKnown;
  }

  async run(): Promise<Taken> {
    const { clock, signal } = this.#request;
    const first = await this.#snapshot(null);
    if (!first.ok) return this.#failed(first);
    const alone = this.#source(first.statement, null);
    const known = this.#knownEarlier(first.statement) ?? alone;
    const looked = this.#look(known);
    if (!looked.differs) return this.#taken(this.#agreeing(known));
    if (known !== alone && !looked.settles) return await this.#explained(known, looked);
    await rest(clock, this.#times.confirmMs, signal);
    const second = await this.#snapshot(first.statement);
    if (!second.ok) return this.#failed(second);
    const both = this.#source(second.statement, first.statement);
    return await this.#explained(both, this.#look(both));
  }

  #look(source: TakenSource): Looked {
    return this.#request.look?.(source) ?? anything;
  }

  /** The last statement on record is an earlier snapshot too. */
  #knownEarlier(statement: Statement): TakenSource | null {
    const { before } = this.#known;
    if (before === null) return null;
    const apart = millisecondsBetween(before.asOf, statement.asOf);
    return apart < this.#times.confirmMs ? null : this.#source(statement, before);
  }

  /** With lists so far back that they can say what made the difference. */
  async #explained(source: TakenSource, looked: Looked): Promise<Taken> {
    if (!looked.differs) return this.#taken(this.#agreeing(source));
    const { statement, live } = await this.#withEnds(source, looked);
    const whole = looked.open
      ? await this.#withHistory(statement)
      : await this.#withStrangers(statement, looked);
    return this.#taken(this.#source(whole, live.first));
  }

  /** Where all agrees, a list that the venue never has whole is no part of the question. */
  #agreeing(source: TakenSource): TakenSource {
    const { executions, cashFlows } = this.#venue.capabilities;
    if (executions.complete && cashFlows.complete) return source;
    const { statement, live } = source;
    const part = {
      executions: executions.complete ? statement.executions : null,
      cashFlows: cashFlows.complete ? statement.cashFlows : null,
    };
    return this.#source({ ...statement, ...part }, live.first);
  }

  #taken(source: TakenSource): Taken {
    const { name: venue, account } = this.#venue;
    return { venue, account, source, why: null, credentials: false };
  }

  #failed({ doubt, credentials }: Extract<Snapshot, { ok: false }>): Taken {
    const { name: venue, account } = this.#venue;
    const source = this.#source(this.#blank(doubt.why), null, doubt);
    return { venue, account, source, why: doubt.why, credentials };
  }

  #source(statement: Statement, first: Statement | null, doubt: SnapshotDoubt | null = null) {
    const { settleMs, statementMaxAgeMs } = this.#times;
    const live: LiveStatement = {
      ...{ first, before: this.#known.before, doubt, settleMs, statementMaxAgeMs },
      aheadMs: this.#aheadMs,
      waiting: this.#request.waiting?.() ?? [],
      believesEmpty: this.#request.believesEmpty === true,
      strangersListed: this.#strangersListed,
    };
    // What is noted of it has words of its own, mostly.
    return {
      ...{ statement, live },
      get text() {
        return statementText(statement);
      },
    };
  }

  get #aheadMs(): number {
    return this.#venue.clockAheadMs ?? 0;
  }

  /** Asked again while it is of another time than it should be. */
  async #snapshot(after: Statement | null): Promise<Snapshot> {
    const { clock, signal } = this.#request;
    const { tries, answerMaxMs } = this.#times;
    const { coins } = this.#known;
    const from = this.#wantedSince;
    const how = { coins, ...(from === null ? {} : { since: from }) };
    for (let attempt = 1; ; attempt += 1) {
      const question = () => within(this.#venue.statement(how), answerMaxMs, clock, signal);
      const answer = await asked<VenueStatement>(question, { clock, signal, tries });
      const since = this.#lastAnswer;
      if (!answer.ok) {
        const { why, credentials } = answer;
        return { ok: false, credentials, doubt: { reason: null, why, since } };
      }
      // Accounts of the book are of a venue by the name that the settings give it.
      const statement = { ...answer.value, venue: this.#venue.name };
      const why = this.#staleness(statement, after);
      if (why === null) return { ok: true, statement };
      if (attempt >= tries || signal.aborted) {
        const doubt = { reason: 'SNAPSHOT_STALE', why, since } as const;
        return { ok: false, credentials: false, doubt };
      }
      await rest(clock, againMs, signal);
    }
  }

  /**
   * What was listed when all was true is not wanted once more, but for what may have been told late
   * or still settles.
   */
  get #wantedSince(): Instant | null {
    const { trueAt } = this.#known;
    if (this.#request.isBrief !== true) return null;
    return trueAt && addMilliseconds(trueAt, -(overlapMs + 2 * this.#times.settleMs));
  }

  get #lastAnswer(): Instant | null {
    return this.#known.before?.takenAt ?? null;
  }

  /** Null: it is of now, as far as anybody can tell. */
  #staleness({ asOf }: Statement, after: Statement | null): string | null {
    const { youngest, before } = this.#known;
    const { clock } = this.#request;
    const now = addMilliseconds(clock.now(), this.#aheadMs);
    const age = millisecondsBetween(asOf, now);
    if (age > this.#times.statementMaxAgeMs) return `it is ${Math.floor(age / 1_000)} s old`;
    if (youngest !== null && youngest > addMilliseconds(asOf, toleranceMs)) {
      return 'it is older than a fact that the venue told before';
    }
    const earlier = after ?? before;
    if (earlier !== null && earlier.asOf > addMilliseconds(asOf, toleranceMs)) {
      return 'it is older than what the venue said before';
    }
    return null;
  }

  /** With what became of orders: each is asked for by its id, and no snapshot had them open. */
  async #withEnds(source: TakenSource, { ghosts }: Looked): Promise<TakenSource> {
    if (ghosts.length === 0) return source;
    const { clock, signal } = this.#request;
    const patience = { clock, signal, tries: this.#times.tries };
    const told = await ordersAskedFor(this.#venue, ghosts, patience);
    const { first } = source.live;
    return this.#source(withOrders(source.statement, told), first && withOrders(first, told));
  }

  /** Lists far enough back to say what made the difference; what fails leaves the lists as told. */
  async #withHistory(statement: Statement): Promise<Statement> {
    const { since } = this.#known;
    if (since === null) return statement;
    const { clock, signal } = this.#request;
    const { tries } = this.#times;
    return await historySince(this.#venue, statement, since, { clock, signal, tries });
  }

  /** With what opened them, where it happened since all was known; of others nothing. */
  async #withStrangers(statement: Statement, { strangers }: Looked): Promise<Statement> {
    const { strangersSince: since } = this.#known;
    if (strangers.size === 0 || since === null) return statement;
    const { clock, signal } = this.#request;
    const patience = { clock, signal, tries: this.#times.tries };
    const found = await executionsIn(strangers, this.#venue, statement, since, patience);
    if (found === null) return statement;
    this.#strangersListed = since;
    return found;
  }

  #blank(why: string): Statement {
    const takenAt = this.#request.clock.now();
    const asOf = addMilliseconds(takenAt, this.#aheadMs);
    const { name, account } = this.#venue;
    const none = noAnswer(why);
    return {
      ...{ account, venue: name, asOf, takenAt, positions: none, balances: none, orders: none },
      ...{ executions: null, cashFlows: null },
    };
  }
}

const noAnswer = (error: string): StatementSection<never> => ({
  ...{ complete: false, scope: null, error, from: null, to: null, items: [] },
});

/** A pause before a snapshot that was of another time is taken again. */
const againMs = 1_000;

/** Clocks of one venue's machines. */
const toleranceMs = 1_000;

async function within<T>(
  answer: Promise<Answer<T>>,
  ms: number,
  clock: WaitingClock,
  signal: AbortSignal,
): Promise<Answer<T>> {
  let cancel: () => void = () => undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    const failed = {
      status: 'failed',
      retry: true,
      retryAfterMs: null,
      credentials: false,
    } as const;
    const why = `no answer within ${Math.floor(ms / 1_000)} s`;
    const stopped = () => resolve({ ...failed, why: 'it was stopped before there was an answer' });
    const tooLate = clock.after(ms, () => resolve({ ...failed, why }));
    signal.addEventListener('abort', stopped, { once: true });
    cancel = () => {
      tooLate();
      signal.removeEventListener('abort', stopped);
    };
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}
