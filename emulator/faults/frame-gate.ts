/** What one connection is sent, after the faults of its frames. */
import type { Line } from '../door/door.ts';
import type { EmulatorClock } from '../exchange/venue-clock.ts';
import type { FaultRun } from './fault-run.ts';
import type { Fault } from './script.ts';

export class FrameGate {
  readonly #line: Line;
  readonly #faults: FaultRun;
  readonly #clock: EmulatorClock;
  readonly #held: string[] = [];
  #isSilent = false;
  #isHalfOpen = false;

  constructor(line: Line, faults: FaultRun, clock: EmulatorClock) {
    this.#line = line;
    this.#faults = faults;
    this.#clock = clock;
  }

  /** Whether pings are answered. */
  get answers(): boolean {
    return !this.#isHalfOpen;
  }

  /** An answer to what the client said: no frame that faults count. */
  reply(text: string): void {
    if (!this.#isHalfOpen) this.#line.send(text);
  }

  push(topic: string, text: string): void {
    const faults = this.#faults.strike({ seam: 'frame', topic, to: `a frame of ${topic}` });
    let copies: (() => void)[] = [() => this.#send(text)];
    for (const fault of faults) copies = this.#changed(copies, fault, text);
    for (const copy of copies) copy();
    if (faults.some(({ fault }) => fault === 'reorder')) return;
    for (const held of this.#held.splice(0)) this.#send(held);
  }

  #changed(copies: (() => void)[], fault: Fault, text: string): (() => void)[] {
    const later = (ms: number, work: () => void) => () => {
      this.#clock.after(ms, work, 'background');
    };
    const laterOrNow = (ms: number, work: () => void) => (ms === 0 ? work : later(ms, work));
    switch (fault.fault) {
      case 'drop':
        return [];
      case 'duplicate':
        // At once is before whatever comes next: a timer of no time may be late.
        return [...copies, laterOrNow(fault.afterMs, () => this.#send(text))];
      case 'delay':
        return copies.map((copy) => later(fault.ms, copy));
      case 'reorder':
        return copies.map(() => () => void this.#held.push(text));
      case 'silence':
        this.#isSilent = true;
        this.#clock.after(
          fault.forMs,
          () => {
            this.#isSilent = false;
          },
          'background',
        );
        return [];
      case 'half-open':
        this.#isHalfOpen = true;
        return [];
      case 'close':
        return [() => this.#end(fault.code)];
      default:
        return copies;
    }
  }

  #end(code: number): void {
    this.#isHalfOpen = true;
    if (code === 1006) this.#line.cut();
    else this.#line.close(code, 'the venue ends the connection');
  }

  #send(text: string): void {
    if (!this.#isSilent && !this.#isHalfOpen) this.#line.send(text);
  }
}
