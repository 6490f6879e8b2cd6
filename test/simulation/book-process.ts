/**
 * The process that keeps the book: it listens, checks and repairs. It can be stopped, and it can
 * die: then what it had in memory is gone, and the file is as the last commit left it.
 */
import { isZero } from '../../src/decimal/decimal.ts';
import type { AccountFact } from '../../src/model/fact.ts';
import type { PositionWrite } from '../../src/model/position-source.ts';
import { type Checked, checkAccount } from '../../src/service/checking.ts';
import { exitsOf } from '../../src/service/exiting/desk.ts';
import { venueGate } from '../../src/service/exiting/gate.ts';
import type { Pauses } from '../../src/service/exiting/pauses.ts';
import { runExits } from '../../src/service/exiting/run.ts';
import { Following } from '../../src/service/listening/following.ts';
import { Listener } from '../../src/service/listening/listener.ts';
import { pull } from '../../src/service/listening/pull.ts';
import { type ListenSettings, usualListening } from '../../src/service/listening/settings.ts';
import { LocalBook } from '../../src/service/local-book.ts';
import { type Log, logTo } from '../../src/service/log.ts';
import { BookReader } from '../../src/service/reading.ts';
import { checkAll, type ReconcileOptions, requestOf } from '../../src/service/reconciling.ts';
import {
  lookAtRows,
  type RowsGround,
  type RowsOptions,
} from '../../src/service/source/positions-look.ts';
import { applyRows, type RowsSynced } from '../../src/service/source/positions-sync.ts';
import { applySync, approveBreak, checkAndNote, proposePlan } from '../../src/service/syncing.ts';
import {
  type ComparedWithVenue,
  comparedWithVenue,
} from '../../src/service/venue-check/comparing.ts';
import { openPositionSource } from '../../src/sources/open-source.ts';
import type { PositionSource } from '../../src/sources/position-source.ts';
import { type BookFile, openBookFile } from '../../src/store/book-file.ts';
import { isHeld } from '../../src/store/lease.ts';
import type { Venue } from '../../src/venues/venue.ts';
import type { BotRows } from './bot-rows.ts';
import { exitSettings, quickRules } from './exit-orders.ts';
import { FollowedRows } from './followed-rows.ts';
import type { Shape } from './market.ts';
import { counted, ProcessClock, type SimClock } from './sim-clock.ts';
import { WatchedWriter } from './watched-writer.ts';

export const markMaxAgeMs = 3_600_000;

/** Small, so that what arrives in one burst is worked on in parts. */
const listening: ListenSettings = { ...usualListening, inboxMax: 50, batchMax: 40 };

const accountFact = ({ positionMode }: Shape): AccountFact => ({
  ...{ kind: 'account', account: 'main', venue: 'paper', currency: 'USDT', time: null },
  ...{ costMethod: 'average', feesInCost: false, mode: 'paper', positionMode },
});

export interface ProcessParts {
  readonly path: string;
  readonly clock: SimClock;
  readonly venue: Venue;
  readonly shape: Shape;
  /** Told of everything that ends it otherwise than by a stop. */
  readonly onFault: (why: string) => void;
  readonly onLine?: (line: string) => void;
}

export class BookProcess {
  readonly file: BookFile;
  readonly reader: BookReader;
  readonly writer: WatchedWriter;
  readonly following: Following;
  readonly #parts: ProcessParts;
  readonly #clock: ProcessClock;
  readonly #log: Log;
  readonly #listener: Listener;
  readonly #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #command: Promise<void> | null = null;
  readonly #sources = new Set<PositionSource>();
  #rows: FollowedRows | null = null;
  /** Told of what was booked. */
  #followed: (() => void) | null = null;

  constructor(parts: ProcessParts) {
    const { path, clock, venue, shape } = parts;
    this.#parts = parts;
    this.#clock = new ProcessClock(clock);
    this.file = openBookFile(path, { clock, create: true, freeBytes: () => null });
    this.file.driver.exec('PRAGMA synchronous = OFF');
    this.writer = new WatchedWriter(holding(this.file, clock), clock, () => this.#clock.die());
    this.reader = new BookReader(path, clock);
    const log = logTo(parts.onLine ?? (() => undefined), clock);
    this.#log = log;
    const shared = { venue, clock: this.#clock, log, settings: listening };
    const { reader, writer: keeper } = this;
    const onBooked = () => this.#followed?.();
    this.following = new Following({ ...shared, keeper, reader, streams: true, onBooked });
    const account = accountFact(shape);
    this.#listener = new Listener({ ...shared, following: this.following, account });
  }

  get isDead(): boolean {
    return this.writer.isDead;
  }

  /** A check or a repair is under way. */
  get isAtWork(): boolean {
    return this.#command !== null;
  }

  start(): void {
    const listened = this.#listener.run();
    this.#running = listened.catch((error: unknown) => this.#fault('the listener', error));
  }

  /** At a moment at which nothing is being committed. */
  die(): void {
    this.writer.isDead = true;
    this.#clock.die();
    this.reader.close();
    this.file.close();
    // With a process its locks go; ours lives on.
    for (const source of this.#sources) void source.close();
  }

  /** Time has to pass for it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#listener.stop();
    await this.#running;
    if (this.#command !== null) await this.#command;
    if (this.isDead) return;
    this.#followed = null;
    await this.#rows?.idle();
    if (this.isDead) return;
    for (const source of this.#sources) void source.close();
    this.reader.close();
    await this.writer.close();
  }

  options(): ReconcileOptions {
    const none = new Set<string>();
    return {
      ...{ clock: this.#clock, strict: false, markMaxAgeMs },
      toleranceSteps: 0,
      adjust: none,
    };
  }

  async check(): Promise<Checked> {
    return await checkAndNote(this.reader, this.writer, await this.#request());
  }

  /** Of the book alone, as it is now; nothing is noted. */
  async look(): Promise<Checked> {
    return checkAccount(this.reader, await this.#request());
  }

  /** What may be repaired without a person. */
  async repair(): Promise<Checked> {
    const request = { ...(await this.#request()), only: null, auto: true, plans: null };
    return (await applySync(this.reader, this.writer, request)).checked;
  }

  /** As a person who approves each repair that may be. */
  async approve(mayBe: (breakId: string, checked: Checked) => boolean): Promise<Checked> {
    const { reader, writer } = this;
    const request = await this.#request();
    const checked = await proposePlan(reader, writer, request);
    const { plan } = checked.reconciled;
    const chosen = plan.repairs.filter(({ breakId }) => mayBe(breakId, checked));
    for (const { breakId, needsApproval } of chosen) {
      if (!needsApproval) continue;
      const approval = { breakId, plans: [plan.hash], at: this.#clock.now(), by: 'ann' };
      await approveBreak(reader, writer, request.account, approval);
    }
    const only = new Set(chosen.map(({ breakId }) => breakId));
    const sync = { ...request, only, auto: false, plans: [plan.hash] };
    return (await applySync(reader, writer, sync)).checked;
  }

  /** From now on the rows follow what is booked, where the bot has any. */
  followWith(bot: BotRows, onWrite: (write: PositionWrite) => void): void {
    const { reader, writer } = this;
    const rows = new FollowedRows({
      ...{ reader, writer, log: this.#log, onWrite },
      open: () => this.#openRows(bot),
      options: { ...this.#rowsOptions(), settleMs: 0, ownOrderPrefixes: [] },
      onFault: (why) => this.#fault('what follows', why),
    });
    this.#rows = rows;
    this.#followed = () => {
      if (bot.isMade && !this.isDead) rows.follow();
    };
  }

  async #openRows({ path, backups }: BotRows): Promise<PositionSource> {
    const { clock: world } = this.#parts;
    const how = { clock: this.#clock, zone: 'UTC', schema: null, backupFolder: backups };
    const door = counted({ open: () => openPositionSource(`sqlite:${path}`, how) }, world);
    const source = counted(await door.open(), world);
    this.#sources.add(source);
    return source;
  }

  #rowsOptions(): RowsOptions {
    return {
      ...{ clock: this.#clock, strict: false, markMaxAgeMs, toleranceSteps: 0, settleMs: 60_000 },
      ...{ ownOrderPrefixes: ['c'], logged: [], exitAfterMs: null },
      exchangeOf: () => null,
      instrumentsOf: async () => this.#parts.shape.instruments,
    };
  }

  /** What executions prove of a bot's rows is written into them. */
  async rows(bot: BotRows): Promise<RowsSynced> {
    const { reader, writer } = this;
    const source = await this.#openRows(bot);
    try {
      const compared = await this.#compared();
      const [book = null] = await checkAll(reader, writer, [compared], this.options());
      const ground: RowsGround = { source, reader, options: this.#rowsOptions() };
      const look = await lookAtRows(ground, compared, book);
      return await applyRows(ground, writer, look, {
        ...{ only: null, auto: true, plans: null, actor: null },
      });
    } finally {
      this.#sources.delete(source);
      await source.close();
    }
  }

  /** Aged positions are left, as far as the venue says what is left of them. */
  async exits(pauses: Pauses): Promise<void> {
    const { reader } = this;
    const patience = { clock: this.#clock, signal: this.#stop.signal, tries: 3 };
    const options = { asOf: null, knownAt: null, markMaxAgeMs };
    const held = () => {
      const { positions } = reader.look(this.#account()!, options).view;
      return positions.filter(({ type, quantity }) => type !== 'spot' && !isZero(quantity));
    };
    const parts = { venue: this.#parts.venue, rules: quickRules, held, pauses, patience };
    await runExits({ ...parts, log: this.#log }, async () => null);
  }

  /** As a command beside the listener: with a list of its own, and the gate of the account. */
  async exitsByDesk(onAllowed: () => void): Promise<void> {
    const { venue, shape, path } = this.#parts;
    const { reader, writer: keeper } = this;
    const { signal } = this.#stop;
    const shared = { venue, clock: this.#clock, reader, signal, markMaxAgeMs };
    const account = this.#account()!;
    const { positionMode } = shape;
    const settings = { ...exitSettings, positionMode };
    const gate = venueGate({ ...shared, account, settings });
    const pulled = async () => {
      const asked = { ...shared, keeper, log: this.#log, settings: listening, streams: false };
      const following = new Following(asked);
      await following.begin(accountFact(shape), { clock: this.#clock, signal, tries: 3 });
      return await pull({ ...asked, following }, null);
    };
    const reading = { reader: () => reader, book: path };
    const parts = { ...shared, ...reading, settings, log: this.#log, pull: pulled };
    const allowed = async () => {
      const why = await gate();
      if (why === null) onAllowed();
      return why;
    };
    await exitsOf({ ...parts, gate: allowed }, 'apply');
  }

  /** One at a time: while one is under way the next is not begun. */
  begin(work: () => Promise<void>): void {
    if (this.#command !== null || this.isDead || this.#account() === null) return;
    const ended = () => {
      this.#command = null;
    };
    this.#command = work().then(ended, (error: unknown) => {
      ended();
      this.#fault('a command', error);
    });
  }

  async #request() {
    return requestOf(await this.#compared(), this.options());
  }

  async #compared(): Promise<ComparedWithVenue> {
    const of = { account: this.#account()!, venue: this.#parts.venue };
    const asking = { clock: this.#clock, signal: this.#stop.signal };
    return await comparedWithVenue(this.reader, of, this.options(), asking);
  }

  #account = () => this.reader.file.accountNamed('main');

  #fault(who: string, error: unknown): void {
    if (this.isDead) return;
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#parts.onFault(`${who} failed: ${why}`);
  }
}

/** Takes the lease, if need be from one that died. */
function holding(file: BookFile, clock: SimClock): LocalBook {
  const request = {
    holder: 'simulation',
    socket: null,
    pid: 1,
    now: clock.now(),
    ttlMs: 3_600_000,
  };
  const first = file.acquireLease(request);
  const answer = isHeld(first) ? file.takeOver(request, first.heldBy) : first;
  if (isHeld(answer)) throw new Error(`held by ${answer.heldBy.holder}`);
  const { epoch } = answer;
  const release = async () => {
    file.releaseLease(epoch);
    file.close();
  };
  const now = () => clock.now();
  // What the book waits for is no part of the simulation's time.
  const after = (_ms: number, work: () => void) => {
    const handle = setImmediate(work);
    return () => clearImmediate(handle);
  };
  return new LocalBook(file, { clock: { now, after }, markMaxAgeMs, epoch, release });
}
