/** A hub over a real book and a real service file, and listeners that write down what they hear. */
import type { Fact } from '../../../src/model/fact.ts';
import { instant, instantText } from '../../../src/model/instant.ts';
import { parseFact } from '../../../src/model/parse-fact.ts';
import { BookReader } from '../../../src/service/reading.ts';
import type { StreamEvent, Subscriber } from '../../../src/service/serving/streaming/hub.ts';
import { OpenHub } from '../../../src/service/serving/streaming/open-hub.ts';
import { openServiceFile, serviceFilePath } from '../../../src/store/service-file.ts';
import { ManualClock } from '../../service/duties/manual-clock.ts';
import { bookPath, type HeldBook, holdBook } from '../../service/held-book.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Until nothing more is on its way. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn();
}

export interface HubKit {
  readonly held: HeldBook;
  readonly clock: ManualClock;
  hub: OpenHub;
  /** How many rows the numbers take in the service's file. */
  rows(): number;
  /** As when the service ends and starts again. */
  restart(): void;
  /** As when it is killed: nothing is said or written at its end. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export function hubKit(path = bookPath(), { acceptHead = false } = {}): HubKit {
  const held = holdBook(path);
  const clock = new ManualClock('2026-01-12T10:00:00Z');
  let end: () => void = () => undefined;
  let killed: () => void = () => undefined;
  let rows = () => 0;
  const open = () => {
    const reader = new BookReader(path, clock);
    const file = openServiceFile(serviceFilePath(path));
    const hub = new OpenHub({ reader, file, clock, log: silent, acceptHead });
    rows = () => Number(file.driver.value('SELECT count(*) FROM service_stream'));
    end = () => {
      hub.close('the service ends');
      killed();
    };
    killed = () => {
      reader.close();
      file.close();
    };
    return hub;
  };
  const kit = {
    ...{ held, clock, hub: open(), rows: () => rows() },
    restart() {
      end();
      kit.hub = open();
    },
    async kill() {
      killed();
      await held.book.close();
    },
    async close() {
      end();
      await held.book.close();
    },
  };
  return kit;
}

let minutes = 0;

export function deposit(account: string, amount = '1'): Fact {
  minutes += 1;
  const time = instantText(instant('2026-01-01T00:00:00Z') + BigInt(minutes) * 60_000_000_000n);
  const id = `d${minutes}`;
  const told = { kind: 'deposit', account, currency: 'USDT', amount, id, time };
  const { fact, refusals } = parseFact(told, {}, { strict: true });
  if (fact === null) throw new Error(refusals[0]?.message);
  return fact;
}

export interface Heard {
  readonly name: string;
  readonly id: string | null;
  readonly data: { readonly account?: string; readonly sequence?: number; readonly why?: string };
}

export class Listener implements Subscriber {
  readonly events: StreamEvent[] = [];
  readonly ends: string[] = [];
  full = false;
  #waiting: () => void = () => undefined;

  take(event: StreamEvent): void {
    this.events.push(event);
  }

  isFull(): boolean {
    return this.full;
  }

  onceRead(work: () => void): void {
    this.#waiting = work;
  }

  /** It read what waited for it. */
  reads(): void {
    this.full = false;
    const work = this.#waiting;
    this.#waiting = () => undefined;
    work();
  }

  end(why: string): void {
    this.ends.push(why);
  }

  get heard(): readonly Heard[] {
    return this.events.map(({ bytes }) => heardOf(bytes.toString()));
  }

  /** `main 3`: account and sequence, in the order in which they were heard. */
  get entries(): readonly string[] {
    return this.heard.flatMap(({ name, data }) =>
      name === 'entry' ? [`${data.account} ${data.sequence}`] : [],
    );
  }
}

export function heardOf(text: string): Heard {
  const of = (member: string) => new RegExp(`^${member}: (.*)$`, 'm').exec(text)?.[1] ?? null;
  return { name: of('event')!, id: of('id'), data: JSON.parse(of('data')!) as Heard['data'] };
}
