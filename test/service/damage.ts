/**
 * Damages copies of a book and asks what is said of each: right, a right earlier state, refused,
 * or named by verification. Wrong without a word is the one answer that there must not be.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BookReader } from '../../src/service/reading.ts';
import { verifyDerived } from '../../src/service/rebuilding.ts';
import { isStoreError } from '../../src/store/store-error.ts';
import { verifyChain } from '../../src/store/verify.ts';
import { Random } from '../decimal/random.ts';
import { lookNow, viewText } from './book-checks.ts';
import { FakeClock, type HeldBook, holdBook, markMaxAgeMs } from './held-book.ts';
import { accountFact, RandomFacts } from './random-facts.ts';

export type Verdict =
  /** Everything that can be asked is answered as before. */
  | 'right'
  /** As the book was after an earlier commit. */
  | 'earlier'
  | 'refused at open'
  | 'refused on read'
  | 'named by verify'
  | 'named by rebuild --verify'
  /** An error that is not about the file, or nothing at all while an answer is wrong. */
  | 'crashed'
  | 'silent';

export interface DamageOptions {
  readonly seed: number;
  readonly flips: number;
  /** Bytes between two places in the last 64 KiB of the log. */
  readonly every: number;
}

export interface DamageResult {
  readonly flips: Readonly<Record<string, number>>;
  readonly log: Readonly<Record<string, number>>;
  /** What was done where, of those that crashed or were silent. */
  readonly failures: readonly string[];
}

const logTail = 65_536;

export async function damages({ seed, flips, every }: DamageOptions): Promise<DamageResult> {
  const subject = await subjectOf(seed);
  const random = new Random(seed);
  const failures: string[] = [];
  const counted = (counts: Record<string, number>, what: string, verdict: Verdict) => {
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    if (verdict === 'silent' || verdict === 'crashed') failures.push(`${what}: ${verdict}`);
  };
  const flipCounts: Record<string, number> = {};
  for (let count = 0; count < flips; count++) {
    const [at, bit] = [random.below(subject.whole.length), random.below(8)];
    const bytes = Buffer.from(subject.whole);
    bytes[at]! ^= 1 << bit;
    counted(flipCounts, `bit ${bit} of byte ${at}`, subject.judge(bytes, null));
  }
  const logCounts: Record<string, number> = {};
  const { log } = subject;
  for (let at = Math.max(0, log.length - logTail); at < log.length; at += every) {
    for (const kind of ['cut', 'zeroed', 'flipped'] as const) {
      const verdict = subject.judge(subject.base, damagedLog(log, at, kind, random));
      counted(logCounts, `log ${kind} at ${at}`, verdict);
    }
  }
  subject.remove();
  return { flips: flipCounts, log: logCounts, failures };
}

function damagedLog(log: Buffer, at: number, kind: string, random: Random): Buffer {
  if (kind === 'cut') return log.subarray(0, at);
  const bytes = Buffer.from(log);
  if (kind === 'zeroed') bytes.fill(0, at, at + 512);
  else bytes[at + random.below(Math.min(512, bytes.length - at))]! ^= 1 << random.below(8);
  return bytes;
}

interface Subject {
  /** The file with everything in it, and as it was before the log. */
  readonly whole: Buffer;
  readonly base: Buffer;
  readonly log: Buffer;
  readonly judge: (file: Buffer, log: Buffer | null) => Verdict;
  readonly remove: () => void;
}

async function subjectOf(seed: number): Promise<Subject> {
  const held = holdBook();
  const facts = new RandomFacts(new Random(seed));
  for (const account of facts.accounts) await held.book.record(accountFact(account));
  const step = async () => {
    held.clock.advance(1_000);
    await held.book.recordAll(Array.from({ length: 4 }, () => facts.next()).flat());
  };
  for (let count = 0; count < 60; count++) await step();
  held.file.driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const base = readFileSync(held.path);
  const states = new Set([stateText(held.path)]);
  for (let count = 0; count < 25; count++) {
    await step();
    states.add(stateText(held.path));
  }
  const log = readFileSync(`${held.path}-wal`);
  return { base, log, ...finished(held, states) };
}

function finished(held: HeldBook, states: ReadonlySet<string>) {
  const truth = stateText(held.path);
  held.file.driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const whole = readFileSync(held.path);
  const folder = mkdtempSync(join(tmpdir(), 'trueup-damage-'));
  const path = join(folder, 'book.db');
  copyFileSync(held.path, path);
  const judge = (file: Buffer, log: Buffer | null) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    writeFileSync(path, file);
    if (log !== null) writeFileSync(`${path}-wal`, log);
    return judged(path, truth, states);
  };
  return { whole, judge, remove: () => rmSync(folder, { recursive: true }) };
}

function judged(path: string, truth: string, states: ReadonlySet<string>): Verdict {
  let reader: BookReader | null = null;
  try {
    reader = new BookReader(path, new FakeClock());
  } catch (error) {
    return isStoreError(error) ? 'refused at open' : 'crashed';
  }
  try {
    const said = answered(reader);
    if (said === truth) return 'right';
    if (typeof said === 'string' && states.has(said)) return 'earlier';
    if (typeof said !== 'string' && !isStoreError(said)) return 'crashed';
    if (verifyChain(reader.file).findings.length > 0) return 'named by verify';
    const derived = verifyDerived(reader.file, reader.file.accounts());
    if (derived.some(({ differences }) => differences.length > 0)) {
      return 'named by rebuild --verify';
    }
    return typeof said === 'string' ? 'silent' : 'refused on read';
  } catch (error) {
    return isStoreError(error) ? 'refused on read' : 'crashed';
  } finally {
    reader.close();
  }
}

/** All that a book answers, or the error that it answers with. */
function answered(reader: BookReader): unknown {
  try {
    return stateOf(reader);
  } catch (error) {
    return error;
  }
}

function stateText(path: string): string {
  const reader = new BookReader(path, new FakeClock());
  const text = stateOf(reader);
  reader.close();
  return text;
}

const knownAt = 60;

function stateOf(reader: BookReader): string {
  const { file } = reader;
  const perAccount = file.accounts().map((account) => {
    const id = account.account;
    const earlier = { asOf: null, knownAt, markMaxAgeMs };
    return [
      JSON.stringify(account),
      viewText(lookNow(reader, account)),
      viewText(reader.look(account, earlier)),
      file.positions(id),
      file.balances(id),
      file.orders(id),
    ];
  });
  const marks = ['BTC', 'ETH', 'BNB', 'USDT'].flatMap((coin) =>
    ['USDT', 'USD'].map((quote) => file.marks(`${coin}/${quote}`, 0n, 2n ** 62n)),
  );
  return JSON.stringify([perAccount, marks, file.instruments()], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
