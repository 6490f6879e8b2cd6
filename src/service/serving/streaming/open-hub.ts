/** The hub over a book and the service's file. */
import type { Account } from '../../../store/accounts.ts';
import type { Statement } from '../../../store/driver.ts';
import type { ServiceFile } from '../../../store/service-file.ts';
import type { Finding } from '../../../store/verify.ts';
import type { Log } from '../../log.ts';
import type { BookReader } from '../../reading.ts';
import type { WaitingClock } from '../../system-clock.ts';
import { entryData } from './entry-event.ts';
import type { Hub, StreamEvent, StreamEventName, Subscriber } from './hub.ts';
import { Recent } from './recent.ts';
import { type NumberedRange, StreamLog } from './stream-log.ts';
import { eventOf, idOf, numberOf } from './wire.ts';

export interface HubParts {
  readonly reader: BookReader;
  readonly file: ServiceFile;
  readonly clock: WaitingClock;
  readonly log: Log;
  /** The end of the book is taken as it is: an older one was put back knowingly. */
  readonly acceptHead?: boolean;
}

/** What another process commits is seen so much later. */
const lookEveryMs = 250;
/** Of the past, so many are told in one turn: others are served between. */
const turnMax = 500;

export class OpenHub implements Hub {
  readonly #parts: HubParts;
  readonly #log: StreamLog;
  readonly #recent = new Recent();
  readonly #live = new Set<Subscriber>();
  readonly #catchingUp = new Set<Subscriber>();
  readonly #version: Statement;
  #seen = -1;
  #isDue = false;
  #isClosed = false;
  #cancelLook: () => void = () => undefined;

  constructor(parts: HubParts) {
    this.#parts = parts;
    const { file, reader, clock, acceptHead } = parts;
    this.#log = new StreamLog(file, reader.file, clock, acceptHead);
    this.#version = reader.file.driver.prepare('PRAGMA data_version');
    // What happened before is numbered, and told to whoever comes back to it.
    this.#number();
    this.#look();
  }

  /** Why the book is not the one that was left; null: it is. */
  get headFault(): Finding | null {
    return this.#log.fault;
  }

  get lastId(): string {
    return idOf(this.#log.epoch, this.#log.last);
  }

  get listeners(): number {
    return this.#live.size + this.#catchingUp.size;
  }

  advance(): void {
    if (this.#isDue || this.#isClosed) return;
    this.#isDue = true;
    // After whoever reported has been answered, and once for commits that follow each other.
    setImmediate(() => {
      this.#isDue = false;
      if (!this.#isClosed) this.#advance();
    });
  }

  tell(name: Exclude<StreamEventName, 'entry'>, data: object): void {
    const at = this.#parts.clock.now();
    const event = eventOf({ id: null, name, account: null, at }, data);
    for (const one of this.#live) one.take(event);
  }

  listen(subscriber: Subscriber, lastEventId: string | null): () => void {
    const from = lastEventId === null ? this.#log.last : numberOf(lastEventId, this.#log.epoch);
    if (from === null || from > this.#log.last || from < this.#log.knownAfter) {
      const at = this.#parts.clock.now();
      const isOld = from !== null && from <= this.#log.last;
      const what = isOld ? 'what you missed is too long ago' : 'the numbers began anew';
      const why = `${what}: read everything again`;
      const parts = { id: this.lastId, name: 'reset', account: null, at } as const;
      subscriber.take(eventOf(parts, { why }));
      this.#live.add(subscriber);
    } else {
      this.#catchingUp.add(subscriber);
      this.#catchUp(subscriber, from);
    }
    return () => this.#drop(subscriber);
  }

  close(why: string): void {
    // What was committed last is noted: the next start holds the book against it.
    if (!this.#isClosed) this.#advance();
    this.#isClosed = true;
    this.#cancelLook();
    const all = [...this.#live, ...this.#catchingUp];
    this.#live.clear();
    this.#catchingUp.clear();
    for (const one of all) one.end(why);
  }

  #drop(subscriber: Subscriber): void {
    this.#live.delete(subscriber);
    this.#catchingUp.delete(subscriber);
  }

  #look(): void {
    this.#advanceIfMoved();
    const { clock } = this.#parts;
    this.#cancelLook = clock.after(lookEveryMs, () => this.#look(), 'background');
  }

  #advanceIfMoved(): void {
    const version = Number(this.#version.get()![0]);
    if (version === this.#seen) return;
    this.#seen = version;
    this.#advance();
  }

  #advance(): void {
    const { reader, log } = this.#parts;
    try {
      reader.file.read(() => {
        const accounts = reader.file.accounts();
        for (const range of this.#number()) this.#publish(range, accounts);
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.error({ event: 'stream.failed', msg: `The stream could not follow the book: ${why}` });
      // What was numbered and not told would be missed without a word.
      this.#recent.clear();
      this.tell('reset', { why: 'the stream could not follow the book: read everything again' });
    }
  }

  #number(): readonly NumberedRange[] {
    const { file } = this.#parts.reader;
    const heads = file.accounts().map(({ account, name }) => {
      return { account, name, ...file.head(account) };
    });
    return this.#log.add(heads);
  }

  /** Made though nobody listens: whoever comes back soon is served from what is at hand. */
  #publish(range: NumberedRange, accounts: readonly Account[]): void {
    for (const event of this.#eventsOf(range, accounts, 0)) {
      this.#recent.add(event.number, event);
      for (const one of this.#live) one.take(event);
    }
  }

  *#eventsOf(
    { last, account: id, firstSequence, lastSequence }: NumberedRange,
    accounts: readonly Account[],
    after: number,
  ): Generator<StreamEvent & { readonly number: number }> {
    const { reader } = this.#parts;
    const account = accounts.find((one) => one.account === id);
    if (account === undefined) return;
    const first = last - (lastSequence - firstSequence);
    const from = Math.max(firstSequence, firstSequence + after - first + 1);
    for (const row of reader.file.entries(id, from - 1, lastSequence)) {
      const number = first + row.sequence - firstSequence;
      const parts = { id: idOf(this.#log.epoch, number), name: 'entry' } as const;
      const at = row.effectiveAt;
      const data = entryData(reader.file, account, row);
      yield { ...eventOf({ ...parts, account: account.name, at }, data), number };
    }
  }

  /** Tells the past in turns; whoever has caught up hears what comes, without a step between. */
  #catchUp(subscriber: Subscriber, from: number): void {
    let told = from;
    const turn = () => {
      if (!this.#catchingUp.has(subscriber)) return;
      if (subscriber.isFull()) {
        subscriber.onceRead(turn);
        return;
      }
      for (const [number, event] of this.#past(told)) {
        subscriber.take(event);
        told = number;
        // A few large ones may be all that it takes for now.
        if (subscriber.isFull()) break;
      }
      if (told < this.#log.last) {
        setImmediate(turn);
        return;
      }
      this.#catchingUp.delete(subscriber);
      this.#live.add(subscriber);
    };
    turn();
  }

  /** At most one turn of events after a number. */
  *#past(after: number): Generator<readonly [number: number, event: StreamEvent]> {
    const recent = this.#recent.after(after, turnMax);
    if (recent !== null) {
      yield* recent;
      return;
    }
    const { reader } = this.#parts;
    const accounts = reader.file.accounts();
    let told = 0;
    for (const range of this.#log.after(after, turnMax)) {
      for (const event of this.#eventsOf(range, accounts, after)) {
        yield [event.number, event];
        told += 1;
        if (told === turnMax) return;
      }
    }
  }
}
