/** One plan carried out: a world of faults, the book that follows it, and what the oracle says. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { equals } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import type { PositionWrite } from '../../src/model/position-source.ts';
import type { Checked } from '../../src/service/checking.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { verifyChain } from '../../src/store/verify.ts';
import { PaperVenue } from '../../src/venues/paper/paper-venue.ts';
import { BookProcess } from './book-process.ts';
import { BotRows } from './bot-rows.ts';
import { checkExits, checkGate, keptPauses, watchExits } from './exit-orders.ts';
import { FaultyVenue } from './faulty-venue.ts';
import { checkFollowed } from './followed-rows.ts';
import { checkRepairs, History } from './history.ts';
import { Ledger } from './ledger.ts';
import { checkEnd } from './liveness.ts';
import { Market, openExchange, optionsOf, type Shape, shapeOf } from './market.ts';
import { Oracle } from './oracle.ts';
import { checkRows } from './row-truth.ts';
import { SimClock } from './sim-clock.ts';
import { answerFaultOf, frameFaults, isFault, type Step, type StepKind } from './step.ts';

const startsAt = instant('2026-11-20T10:20:00Z');

export interface Simulated {
  readonly faults: readonly string[];
  /** How often each kind of step happened; `told`: what the exchange told. */
  readonly histogram: ReadonlyMap<StepKind | 'told', number>;
  readonly fills: number;
  readonly crashes: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
}

export interface SimulationRequest {
  /** Of the exchange: which coin pays its fees, and the names of its ids. */
  readonly seed: number;
  readonly plan: readonly Step[];
  readonly onLine?: (line: string) => void;
}

export async function simulate(request: SimulationRequest): Promise<Simulated> {
  const world = new World(request);
  try {
    return await world.run(request.plan);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.oracle.fault('the simulation', why);
    return world.result();
  } finally {
    await world.end();
  }
}

/** In memory where the machine has such a disk: what is under test is no loss of power. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const newFolder = () => mkdtempSync(join(folder, 'trueup-simulated-'));

/** A book without anything in it, made once. */
let template: string | null = null;

function emptyBook(path: string): void {
  if (template === null) {
    template = join(newFolder(), 'empty.db');
    const now = () => startsAt;
    openBookFile(template, { clock: { now }, create: true }).close();
    const made = template;
    process.on('exit', () => rmSync(join(made, '..'), { recursive: true, force: true }));
  }
  copyFileSync(template, path);
}

export class World {
  readonly clock = new SimClock(startsAt);
  readonly ledger = new Ledger();
  readonly oracle = new Oracle(this.ledger);
  readonly exchange;
  readonly venue: FaultyVenue;
  readonly market: Market;
  readonly bot: BotRows;
  readonly crashes = { count: 0 };
  process: BookProcess | null = null;
  /** Aged positions are left by the desk, too. */
  hasDesk = false;
  readonly #path: string;
  /** Somebody else has the file open, so that its log stays when a process ends. */
  readonly #beside: DatabaseSync;
  readonly #shape: Shape;
  readonly #pauses = keptPauses();
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #histogram = new Map<StepKind | 'told', number>();
  #heads = { sequence: 0, hash: '' };
  #planted = 0;
  #follows = false;
  #keptFills = 0;

  constructor({ seed, onLine }: SimulationRequest) {
    this.#path = join(newFolder(), 'book.db');
    this.bot = new BotRows(join(this.#path, '..'), this.ledger);
    this.#onLine = onLine;
    emptyBook(this.#path);
    this.#beside = new DatabaseSync(this.#path);
    this.#beside.exec('SELECT 1 FROM sqlite_schema LIMIT 1');
    const options = optionsOf(seed, startsAt);
    this.exchange = openExchange(options, this.ledger);
    this.exchange.listen(() => this.#count('told'));
    watchExits(this.exchange, this.ledger, this.oracle);
    this.venue = new FaultyVenue(new PaperVenue(this.exchange, options), this.clock);
    this.#shape = shapeOf(seed);
    this.market = new Market(this.exchange, this.venue, this.#shape);
    this.clock.onTime = (now) => this.exchange.elapse(now);
  }

  async run(plan: readonly Step[]): Promise<Simulated> {
    await this.begin();
    let past: History | null = null;
    for (const [index, step] of plan.entries()) {
      if (this.oracle.faults.length > 0) break;
      await this.#step(step);
      if (index < plan.length / 2 || past !== null || this.process!.isDead) continue;
      past = History.of(this.process!.reader, this.clock.now());
    }
    if (this.oracle.faults.length === 0) {
      await checkEnd(this);
      past?.check(this.process!.reader, this.oracle);
      checkRepairs(this.process!.reader, this.oracle);
    }
    return this.result();
  }

  result(): Simulated {
    const { faults, verdicts } = this.oracle;
    return {
      ...{ faults, verdicts, histogram: this.#histogram, crashes: this.crashes.count },
      fills: this.ledger.fills.length,
      simulatedMs: Number((this.clock.now() - startsAt) / 1_000_000n),
    };
  }

  async end(): Promise<void> {
    await this.clock.settle();
    if (this.process !== null && !this.process.isDead) this.process.die();
    this.#beside.close();
    rmSync(join(this.#path, '..'), { recursive: true, force: true });
  }

  async #step(step: Step): Promise<void> {
    const { kind, after } = step;
    this.#count(kind);
    if (after > 0) await this.clock.pass(after);
    else this.clock.tick();
    await this.revive();
    if (this.#follows && this.ledger.fills.length > this.#keptFills) await this.#keepRows();
    if (this.market.act(step)) return;
    const answer = answerFaultOf(step);
    if (answer !== null) this.venue.spoilAnswers(...answer, step);
    else if (isFrame(kind)) this.venue.spoilFrames(kind, step);
    else await this.#act(step);
  }

  async #act(step: Step): Promise<void> {
    const { kind, a, b } = step;
    const { process } = this;
    switch (kind) {
      case 'disconnect':
        return this.venue.disconnect(1 + a * 200);
      case 'deaf':
        return this.venue.deafen(1 + a * 200);
      case 'stream-breaks':
        return this.venue.breakStream();
      case 'submit-lost':
      case 'submit-unknown':
        return this.venue.spoilSubmits(kind, step);
      case 'made-up':
      case 'told-twice':
      case 'misquoted':
        return await this.#plant(kind, step);
      case 'crash':
        return await this.#crash();
      case 'crash-before-commit':
        return process?.writer.arm('before-commit', 1 + (a % 5));
      case 'crash-after-commit':
        return process?.writer.arm('after-commit', 1 + (a % 5));
      case 'restart':
        return await this.#restart(100);
      case 'down':
        return await this.#restart(1_000 + b * 200);
      case 'bot-writes':
        // It waits for a lock like everybody else.
        await this.clock.settle();
        return this.bot.write(step, this.clock.now());
      case 'follow':
        this.#follows = true;
        return process?.followWith(this.bot, this.#watchWrite);
      case 'rows':
        return this.bot.isMade ? process?.begin(() => this.rows()) : undefined;
      case 'exits':
        return process?.begin(() => this.exits());
      case 'exit-desk':
        this.hasDesk = true;
        return process?.begin(() => this.exitsByDesk());
      case 'check':
        return process?.begin(() => this.check());
      case 'sync':
        return process?.begin(() => this.repair());
      case 'approve':
        return process?.begin(() => this.approve());
      default:
    }
  }

  async #keepRows(): Promise<void> {
    this.#keptFills = this.ledger.fills.length;
    await this.clock.settle();
    this.bot.keep(this.clock.now());
  }

  async check(): Promise<void> {
    await this.#checked((process) => process.check());
  }

  async repair(): Promise<void> {
    await this.#checked((process) => process.repair());
  }

  async approve(): Promise<void> {
    await this.#checked((process) => process.approve(() => true));
  }

  async #checked(work: (process: BookProcess) => Promise<Checked>): Promise<void> {
    const process = this.process!;
    const { laggards } = this.venue;
    const checked = await work(process);
    this.oracle.checked(process.reader, checked, this.venue.laggards > laggards);
  }

  async rows(): Promise<void> {
    checkRows(this.oracle, await this.process!.rows(this.bot));
  }

  async exits(): Promise<void> {
    await this.process!.exits(this.#pauses);
    checkExits(this.exchange, this.oracle);
  }

  async exitsByDesk(): Promise<void> {
    const process = this.process!;
    await process.exitsByDesk(() => checkGate(process.reader, this.oracle, this.clock.now()));
    checkExits(this.exchange, this.oracle);
  }

  async begin(): Promise<void> {
    const { clock, venue } = this;
    const onFault = (why: string) => this.oracle.fault('the process', why);
    const onLine = this.#onLine === undefined ? {} : { onLine: this.#onLine };
    const shape = this.#shape;
    this.process = new BookProcess({ path: this.#path, clock, venue, shape, onFault, ...onLine });
    this.#verify(this.process);
    if (this.#follows) this.process.followWith(this.bot, this.#watchWrite);
    this.process.start();
    await clock.settle();
  }

  #watchWrite = (write: PositionWrite): void =>
    checkFollowed(this.process!.reader, this.oracle, write);

  /** I10: what was acknowledged is there and sound before anything else is. */
  #verify({ file }: BookProcess): void {
    const account = file.accountNamed('main');
    if (account === null) return;
    const [finding] = verifyChain(file).findings;
    if (finding !== undefined) this.oracle.fault('I10', `${finding.code}: ${finding.message}`);
    const { sequence } = file.head(account.account);
    if (sequence < this.#heads.sequence) {
      this.oracle.fault('I1', `${this.#heads.sequence} was acknowledged, and ${sequence} is there`);
    }
  }

  /** Notes what was acknowledged by now. */
  #noteHead({ file }: BookProcess): void {
    const account = file.accountNamed('main');
    if (account !== null) this.#heads = file.head(account.account);
  }

  async #crash(): Promise<void> {
    const process = this.process!;
    await this.clock.settle();
    if (!process.isDead) this.#noteHead(process);
    this.crashes.count += 1;
    process.die();
    await this.begin();
  }

  /** A process that died at a commit is found dead, and begun again. */
  async revive(): Promise<void> {
    if (this.process?.isDead === true) await this.#crash();
  }

  async #restart(awayMs: number): Promise<void> {
    const process = this.process!;
    let isOver = false;
    const stopped = process.stop().then(() => {
      isOver = true;
    });
    for (let tries = 0; tries < 800 && !isOver && !process.isDead; tries += 1) {
      await this.clock.pass(500);
    }
    if (process.isDead) return await this.#crash();
    if (!isOver) return this.oracle.fault('the process', 'does not end when it is stopped');
    await stopped;
    await this.clock.pass(awayMs);
    await this.begin();
  }

  /** Somebody tells the book what never happened, or not so. */
  async #plant(kind: 'made-up' | 'told-twice' | 'misquoted', { which, a }: Step): Promise<void> {
    const process = this.process!;
    const young = this.exchange.fills().slice(-10);
    const fill = young[which % Math.max(1, young.length)];
    if (fill === undefined || process.reader.file.accountNamed('main') === null) return;
    this.#planted += 1;
    const untrue = untruthOf(kind, fill, this.#planted, a);
    const isBooked = this.oracle.facts(process.reader).has(untrue.executionId);
    const isUntrue = kind !== 'misquoted' || !equals(untrue.price, fill.price);
    this.oracle.planted.set(untrue.executionId, kind);
    const outcome = await Promise.race([process.writer.record(untrue), this.clock.settle()]);
    if (isBooked && isUntrue && outcome !== undefined && outcome.status !== 'conflict') {
      this.oracle.fault('I6', `${untrue.executionId} told otherwise was ${outcome.status}`);
    }
  }

  #count(kind: StepKind | 'told'): void {
    this.#histogram.set(kind, (this.#histogram.get(kind) ?? 0) + 1);
  }
}

const isFrame = (kind: StepKind): kind is (typeof frameFaults)[number] =>
  isFault(kind) && (frameFaults as readonly string[]).includes(kind);

function untruthOf(kind: string, fill: Fill, count: number, a: number): Fill {
  if (kind === 'misquoted') return { ...fill, price: decimal(`${900 + a}.5`) };
  const name = `${kind}-${count}`;
  if (kind === 'told-twice') return { ...fill, executionId: `${name}-${fill.executionId}` };
  return { ...fill, executionId: name, orderId: a % 2 === 0 ? null : fill.orderId };
}
