/**
 * A process that writes a book until it is killed: `crash-writer.ts BOOK SEED [--count N]
 * [--lease MS] [--reopen] [--checkpoint] [--pace MS]`. Prints one line for each acknowledgement:
 * the id of the fact and its sequence.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Fact, Fill } from '../../src/model/fact.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import type { Outcome } from '../../src/service/outcome.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { isStoreError } from '../../src/store/store-error.ts';
import { Random } from '../decimal/random.ts';
import { markMaxAgeMs } from './held-book.ts';
import { fact } from './random-facts.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    lease: { type: 'string', default: '10000' },
    reopen: { type: 'boolean', default: false },
    checkpoint: { type: 'boolean', default: false },
    pace: { type: 'string', default: '0' },
  },
});
const [path = '', seed = '1'] = positionals;
const count = Number(values.count ?? Number.POSITIVE_INFINITY);
const random = new Random(Number(seed));
const coins = ['BTC', 'ETH', 'SOL', 'BNB', 'XRP'];
const startMs = Date.UTC(2024, 0, 1);

/** Ids hold the seed, so that a process that follows does not repeat what was told. */
function fill(number: number): Fact {
  const late = random.chance(0.05) ? random.below(3_000) : 0;
  return fact({
    kind: 'fill',
    account: 'main',
    instrument: `${random.pick(coins)}/USDT`,
    side: random.pick(['buy', 'sell']),
    quantity: `${random.between(1, 9)}.${random.digits(6)}`,
    price: String(random.between(10, 70_000)),
    fee: `0.${random.digits(4)}`,
    feeCurrency: random.pick(['USDT', 'BNB']),
    executionId: `${seed}-${number}`,
    orderId: `o${number}`,
    time: new Date(startMs + (number - late) * 1_000).toISOString(),
  });
}

/** Straight to the pipe: what is written there outlives this process. */
const say = (lines: readonly string[]) => writeSync(1, lines.map((line) => `${line}\n`).join(''));

const leaseMs = Number(values.lease);
const open = () =>
  openForWriting(path, {
    clock: systemClock,
    holder: `crash writer ${process.pid}`,
    create: true,
    markMaxAgeMs,
    leaseTimes: { leaseMs, renewEveryMs: leaseMs / 3 },
  });

/** A reporter whose holder ends tells everything again to the next one. */
async function report(facts: readonly Fact[], apart: boolean): Promise<void> {
  const acknowledge = (one: Fact, outcome: Outcome): string => {
    if (!('sequence' in outcome)) throw new Error(`a fill was ${outcome.status}`);
    return `${(one as Fill).executionId} ${outcome.sequence}`;
  };
  try {
    if (apart) {
      const each = async (one: Fact) => say([acknowledge(one, await book.record(one))]);
      await Promise.all(facts.map(each));
    } else {
      const { outcomes } = await book.recordAll(facts);
      say(facts.map((one, index) => acknowledge(one, outcomes[index]!)));
    }
  } catch (error) {
    if (!values.reopen || !isStoreError(error, 'holder-lost')) throw error;
    book = await open();
    await report(facts, apart);
  }
}

let book = await open();
const checkpoints = values.checkpoint ? openBookFile(path, { clock: systemClock }) : null;
say([`ready ${process.pid}`]);
let told = 0;
try {
  while (told < count) {
    const many = Math.min(random.pick([1, 1, 20, 300, 2_000]), count - told);
    const facts = Array.from({ length: many }, (_, index) => fill(told + index + 1));
    await report(facts, random.chance(0.5));
    told += many;
    if (values.pace !== '0')
      await new Promise((resolve) => setTimeout(resolve, Number(values.pace)));
    checkpoints?.driver.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }
  await book.close();
} catch (error) {
  if (!isStoreError(error)) throw error;
  say([`refused ${error.code}`]);
}
