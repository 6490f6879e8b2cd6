/**
 * Answers a second while facts arrive: twenty commits a second, each of one fill, booked in the
 * process that serves as its listener books them; beside the same service on a book that stands
 * still, in turns.
 */
import { decimal } from '../../src/decimal/text.ts';
import type { Fact } from '../../src/model/fact.ts';
import { type Served, serve } from '../../test/serving/served.ts';
import { median } from '../measure.ts';
import { type Shot, shoot, twentyPositions } from './reads.ts';

const commitsPerSecond = 20;
const rounds = 6;

export async function moving(): Promise<void> {
  const served = await serve({
    ...{ venue: false, facts: twentyPositions() },
    limits: { requestsPerSecond: 1_000_000, signInsPerMinute: 20 },
  });
  const token = served.token('read');
  const writer = new Commits(served);
  console.log(`answers a second while facts arrive, median of ${rounds} rounds in turn:`);
  for (const path of ['/api/account', '/api/v1/home']) {
    const still: Shot[] = [];
    const moved: Shot[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const first = await shoot(served.origin + path, token);
      writer.begin();
      const second = await shoot(served.origin + path, token);
      await writer.end();
      if (round < 0) continue;
      still.push(first);
      moved.push(second);
    }
    const of = (shots: readonly Shot[], what: keyof Shot) => median(shots.map((one) => one[what]));
    const ratio = median(moved.map(({ rate }, index) => rate / still[index]!.rate));
    console.log(`  ${path}`);
    for (const [name, shots, tail] of [
      ['the book stands still', still, ''],
      [`${commitsPerSecond} commits a second`, moved, `  x${ratio.toFixed(2)}`],
    ] as const) {
      const rate = Math.round(of(shots, 'rate')).toLocaleString('en');
      console.log(`    ${name.padEnd(24)} ${rate}/s  p99 ${of(shots, 'p99')} ms${tail}`);
    }
  }
  console.log(`  (${writer.rate.toFixed(1)} commits a second were made while it was read)`);
  await served.close();
}

class Commits {
  readonly #served: Served;
  #timer: NodeJS.Timeout | null = null;
  #last: Promise<void> = Promise.resolve();
  #made = 0;
  #ms = 0;
  #began = 0;

  constructor(served: Served) {
    this.#served = served;
  }

  get rate(): number {
    return (this.#made * 1_000) / this.#ms;
  }

  begin(): void {
    this.#began = performance.now();
    this.#timer = setInterval(() => {
      this.#last = this.#last.then(() => this.#commit());
    }, 1_000 / commitsPerSecond);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer!);
    await this.#last;
    this.#ms += performance.now() - this.#began;
  }

  async #commit(): Promise<void> {
    const { clock } = this.#served.of;
    this.#made += 1;
    const [first] = twentyPositions();
    const executionId = `moving-${this.#made}`;
    const side = this.#made % 2 === 0 ? 'sell' : 'buy';
    const quantity = decimal('0.5');
    const fill = {
      ...first!,
      side,
      quantity,
      executionId,
      orderId: executionId,
      time: clock.now(),
    };
    await this.#served.record(fill as Fact);
  }
}
