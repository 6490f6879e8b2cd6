/** Opening a book of many entries: from its group rows, and by folding everything again. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { BookReader } from '../src/service/reading.ts';
import { systemClock } from '../src/service/system-clock.ts';
import { openBookFile } from '../src/store/book-file.ts';
import { readEntries } from './bare-table.ts';
import { median } from './measure.ts';
import { replayed } from './replaying.ts';
import { account, bytesOf, foreverMs, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading } from './trading.ts';

const instruments = 1000;
const chunk = 100_000;

export async function run({ entries }: { readonly entries: number }): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, 'book.db');
    const trading = new Trading({ instruments });
    const book = openBook(path);
    await book.record(account('main'));
    const recording = process.hrtime.bigint();
    for (let left = entries; left > 0; left -= chunk) {
      await recordIn(book, trading.fills(Math.min(chunk, left)), 5000);
    }
    const speed = Math.round(entries / (Number(process.hrtime.bigint() - recording) / 1e9));
    await book.close();
    console.log(
      `${entries.toLocaleString('en')} entries of ${instruments} instruments, ` +
        `${Math.round(bytesOf(path) / 1e6)} MB, made at ${speed.toLocaleString('en')}/s`,
    );
    console.log('  by the clock, processor time, and the ratio of that');
    const rounds = entries > 2_000_000 ? 1 : 3;
    const floor = await taken(rounds, () => readEntries(path, 1));
    print('raw read loop (floor)', floor, floor);
    print('a look, from group rows', await taken(rounds + 2, () => look(path)), floor);
    const [next] = trading.fills(1);
    const record = async () => {
      const writer = openBook(path);
      await writer.record(next!);
      await writer.close();
    };
    print('the first record, from group rows', await taken(rounds + 2, record), floor);
    print('fold all, pages in memory', await taken(rounds, () => foldAll(path)), floor);
    const stale = join(folder, 'stale.db');
    copyFileSync(path, stale);
    const refold = async () => {
      forget(stale);
      const writer = openBook(stale);
      await writer.record(next!);
      await writer.close();
    };
    print('fold all, pages and rows written anew', await taken(rounds, refold), floor);
  });
}

function look(path: string): void {
  const reader = new BookReader(path, systemClock);
  const [first] = reader.file.accounts();
  reader.look(first!, { asOf: null, knownAt: null, markMaxAgeMs: foreverMs });
  reader.close();
}

function foldAll(path: string): void {
  const file = openBookFile(path, { clock: systemClock, readOnly: true });
  replayed(file, 'main');
  file.close();
}

/** As after an upgrade that folds in another way: the rows are there and mean nothing. */
function forget(path: string): void {
  const file = openBookFile(path, { clock: systemClock });
  file.driver.exec('UPDATE book_streams SET fold_version = 0');
  file.close();
}

interface Taken {
  /** Milliseconds by the clock, and of this thread's processor time. */
  readonly clock: number;
  readonly processor: number;
}

async function taken(rounds: number, work: () => unknown): Promise<Taken> {
  const clock: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    const used = process.threadCpuUsage();
    await work();
    const { user, system } = process.threadCpuUsage(used);
    clock.push(Number(process.hrtime.bigint() - start) / 1e6);
    processor.push((user + system) / 1000);
  }
  return { clock: median(clock), processor: median(processor) };
}

function print(name: string, { clock, processor }: Taken, floor: Taken): void {
  const ratio = `x${(floor.processor / processor).toFixed(2)}`;
  const times = `${clock.toFixed(0).padStart(8)} ms${processor.toFixed(0).padStart(10)} ms`;
  console.log(`  ${name.padEnd(44)}${times}${ratio.padStart(9)}`);
}
