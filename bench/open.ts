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
    const speed = entries / (Number(process.hrtime.bigint() - recording) / 1e9);
    await book.close();
    console.log(
      `${entries.toLocaleString('en')} entries of ${instruments} instruments, ` +
        `${Math.round(bytesOf(path) / 1e6)} MB, made at ${Math.round(speed).toLocaleString('en')}/s`,
    );
    const rounds = entries > 2_000_000 ? 1 : 3;
    const floor = await milliseconds(rounds, () => readEntries(path, 1));
    print('raw read loop (floor)', floor, floor);
    print('a look, from group rows', await milliseconds(rounds + 2, () => look(path)), floor);
    const [next] = trading.fills(1);
    const record = async () => {
      const writer = openBook(path);
      await writer.record(next!);
      await writer.close();
    };
    print('the first record, from group rows', await milliseconds(rounds + 2, record), floor);
    print('fold all, pages in memory', await milliseconds(rounds, () => foldAll(path)), floor);
    const stale = join(folder, 'stale.db');
    copyFileSync(path, stale);
    const refold = async () => {
      forget(stale);
      const writer = openBook(stale);
      await writer.record(next!);
      await writer.close();
    };
    print('fold all, pages and rows written anew', await milliseconds(rounds, refold), floor);
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

async function milliseconds(rounds: number, work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    await work();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return median(times);
}

function print(name: string, ms: number, floor: number): void {
  const ratio = `x${(floor / ms).toFixed(2)}`;
  console.log(`  ${name.padEnd(44)}${ms.toFixed(0).padStart(8)} ms${ratio.padStart(9)}`);
}
