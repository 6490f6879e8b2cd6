/** A listener on a fake venue, with a book and a clock of its own. */
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { AccountFact, CashFact, Fill } from '../../../src/model/fact.ts';
import type { Instant } from '../../../src/model/instant.ts';
import { Following } from '../../../src/service/listening/following.ts';
import { Listener } from '../../../src/service/listening/listener.ts';
import { type ListenSettings, usualListening } from '../../../src/service/listening/settings.ts';
import { type Log, logTo } from '../../../src/service/log.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { ManualClock } from '../duties/manual-clock.ts';
import { type HeldBook, holdBook } from '../held-book.ts';
import type { FakeOptions } from './fake-parts.ts';
import { account, FakeVenue } from './fake-venue.ts';

export const accountFact: AccountFact = {
  kind: 'account',
  account,
  venue: 'fake',
  currency: 'USDT',
  costMethod: 'average',
  feesInCost: false,
  mode: 'live',
  positionMode: 'net',
  time: null,
};

export interface Said {
  readonly level: string;
  readonly event: string;
  readonly msg: string;
}

export class Ground {
  readonly clock: ManualClock;
  readonly venue: FakeVenue;
  readonly held: HeldBook;
  readonly reader: BookReader;
  readonly said: Said[] = [];
  readonly log: Log;
  readonly settings: ListenSettings;
  following!: Following;
  listener!: Listener;
  #running: Promise<number> | null = null;

  constructor(
    options: Partial<FakeOptions> & { readonly settings?: Partial<ListenSettings> } = {},
    clock = new ManualClock('2026-11-20T00:00:00Z'),
    held?: HeldBook,
    venue?: FakeVenue,
  ) {
    this.clock = clock;
    this.settings = { ...usualListening, ...options.settings };
    this.venue = venue ?? new FakeVenue({ clock, ...options });
    this.log = logTo((line) => void this.said.push(JSON.parse(line) as Said), clock);
    // The book has a clock of its own: its waits are no part of a scenario.
    this.held = held ?? holdBook();
    this.reader = new BookReader(this.held.path, clock);
    this.renew();
  }

  /** Another listener on the same book, as after a restart. */
  renew(): void {
    const { venue, clock, log, settings, reader } = this;
    const keeper = this.held.book;
    this.following = new Following({
      ...{ venue, keeper, reader, clock, log, settings, streams: true },
    });
    this.listener = new Listener({
      ...{ venue, following: this.following, account: accountFact, clock, log, settings },
    });
  }

  async start(): Promise<void> {
    this.#running = this.listener.run();
    await this.pass(1_000);
  }

  async stop(): Promise<void> {
    this.listener.stop();
    await this.pass(100);
    await this.#running;
  }

  pass(ms: number): Promise<void> {
    const then = this.clock.now() + BigInt(ms) * 1_000_000n;
    return this.clock.moveTo(textOf(then));
  }

  saidEvents(event: string): readonly string[] {
    return this.said.filter((one) => one.event === event).map(({ msg }) => msg);
  }

  look() {
    const known = this.reader.file.accountNamed(account)!;
    const { view } = this.reader.look(known, {
      ...{ asOf: null, knownAt: null, markMaxAgeMs: 86_400_000 },
    });
    return view;
  }

  balances(): ReadonlyMap<string, string> {
    const rows = this.look().balances.map(
      ({ currency, total }) => [currency, toText(total)] as const,
    );
    return new Map(rows.filter(([, total]) => total !== '0').toSorted(byName));
  }

  positions(): ReadonlyMap<string, string> {
    const rows = this.look()
      .positions.filter(({ type }) => type !== 'spot')
      .map(({ instrument, quantity }) => [instrument, toText(quantity)] as const);
    return new Map(rows.filter(([, quantity]) => quantity !== '0').toSorted(byName));
  }

  /** Execution ids of the fills in force, sorted. */
  executionIds(): readonly string[] {
    const known = this.reader.file.accountNamed(account)!;
    return [...this.reader.factsInForce(known)]
      .flatMap(({ fact }) => (fact.kind === 'fill' ? [fact.executionId] : []))
      .toSorted();
  }
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : 1);

const textOf = (at: Instant): string => new Date(Number(at / 1_000_000n)).toISOString();

export const fillAt = (executionId: string, time: Instant, changes: Partial<Fill> = {}): Fill => ({
  kind: 'fill',
  account,
  instrument: 'BTC/USDT',
  ...{ leg: 'net', side: 'buy', quantity: decimal('0.5'), price: decimal('60000') },
  fees: [{ currency: 'USDT', amount: decimal('0.03') }],
  ...{ liquidity: 'taker', executionId, orderId: null, clientOrderId: null, strategy: null },
  ...{ cause: 'trade', venueSequence: null, provisional: false, time },
  ...changes,
});

export const depositAt = (id: string, time: Instant, amount = '100000'): CashFact => ({
  kind: 'deposit',
  account,
  currency: 'USDT',
  amount: decimal(amount),
  ...{ id, instrument: null, leg: null, cost: null, fee: null, state: 'booked' },
  ...{ counterAccount: null, reason: null, venueSequence: null, time },
});
