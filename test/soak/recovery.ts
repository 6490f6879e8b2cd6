/** How soon a book of so many entries takes its next fact after its writer died. */
import { rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { decimal } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import { verifyChain, verifyHead } from '../../src/store/verify.ts';
import { Random } from '../decimal/random.ts';
import { type HeldBook, holdBook } from '../service/held-book.ts';
import { fact } from '../service/random-facts.ts';

const atOnce = 20_000;

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      entries: { type: 'string', default: '1000000' },
      instruments: { type: 'string', default: '50' },
    },
  });
  const [entries, instruments] = [Number(values.entries), Number(values.instruments)];
  if (![entries, instruments].every((value) => Number.isSafeInteger(value) && value >= 1)) {
    console.error('--entries and --instruments are whole numbers > 0');
    return 2;
  }
  const held = holdBook();
  const filling = await timed(() => fill(held, entries, instruments));
  const { sequence, hash } = held.file.head(1);
  held.die();
  const next = await timed(async () => {
    const again = holdBook(held.path, held.clock);
    if (verifyHead(again.file, 'main', sequence, hash) !== null) throw new Error('another head');
    await again.book.record(fillOf(entries + 1, 'C0/USDT', new Random(1)));
    return again;
  });
  const verifying = await timed(async () => verifyChain(next.result.file).findings.length);
  const bytes = statSync(held.path).size;
  next.result.die();
  rmSync(dirname(held.path), { recursive: true });
  console.log(
    `recovery: ${sequence} entries, ${instruments} instruments, ${bytes} bytes: recorded in ` +
      `${(filling.ms / 1000).toFixed(1)} s, back in ${next.ms.toFixed(0)} ms, ` +
      `verified in ${(verifying.ms / 1000).toFixed(1)} s, ${verifying.result} findings`,
  );
  return verifying.result === 0 ? 0 : 1;
}

async function fill({ book }: HeldBook, entries: number, instruments: number): Promise<void> {
  await book.record(fact({ kind: 'account', account: 'main', currency: 'USDT' }));
  const random = new Random(1);
  for (let done = 0; done < entries; done += atOnce) {
    const count = Math.min(atOnce, entries - done);
    await book.recordAll(
      Array.from({ length: count }, (_, index) =>
        fillOf(done + index + 1, `C${random.below(instruments)}/USDT`, random),
      ),
    );
  }
}

const startAt = 1_704_067_200_000_000_000n;

const fillOf = (number: number, instrument: string, random: Random): Fill => ({
  kind: 'fill',
  account: 'main',
  instrument,
  leg: 'net',
  side: random.chance(0.5) ? 'buy' : 'sell',
  quantity: decimal(`0.${random.digits(6)}1`),
  price: decimal(String(random.between(10, 70_000))),
  fees: [{ currency: 'USDT', amount: decimal(`0.0${random.digits(3)}1`) }],
  liquidity: 'taker',
  executionId: String(number),
  orderId: `o${number}`,
  clientOrderId: null,
  strategy: null,
  cause: 'trade',
  venueSequence: null,
  provisional: false,
  time: startAt + BigInt(number) * 1_000_000n,
});

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work();
  return { result, ms: performance.now() - start };
}
