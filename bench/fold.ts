/** The fold from entries as the store returns them, beside reading the same rows. */
import { join } from 'node:path';
import type { CostMethod, Fill } from '../src/model/fact.ts';
import { systemClock } from '../src/service/system-clock.ts';
import { type BookFile, openBookFile } from '../src/store/book-file.ts';
import { Random } from '../test/decimal/random.ts';
import { readEntries } from './bare-table.ts';
import { type Candidate, linesOf, measure } from './measure.ts';
import { replayed } from './replaying.ts';
import { account, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading } from './trading.ts';

const fills = 200_000;
const rounds = 5;

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    const make = async (name: string, method: CostMethod, lateShare: number) => {
      const path = join(folder, `${name}.db`);
      const book = openBook(path);
      await book.record(account('main', method));
      const facts = new Trading({ instruments: 100 }).fills(fills);
      await recordIn(book, late(facts, lateShare), 5000);
      await book.close();
      return openBookFile(path, { clock: systemClock, readOnly: true });
    };
    const average = await make('average', 'average', 0);
    const fifo = await make('fifo', 'fifo', 0);
    const disordered = await make('late', 'average', 0.05);
    const candidates: Candidate[] = [
      { name: 'raw read loop (floor)', run: () => readEntries(average.path, 1) },
      { name: 'entries of the store, not folded', run: () => countOf(average) },
      { name: 'average cost, in order', run: () => replayed(average, 'main').sequence },
      { name: 'FIFO lots, in order', run: () => replayed(fifo, 'main').sequence },
      { name: 'average cost, 5 % late', run: () => replayed(disordered, 'main').sequence },
    ];
    console.log(`${fills.toLocaleString('en')} fills of 100 instruments, from stored entries`);
    for (const line of linesOf(measure(candidates, fills, rounds), ' fills')) console.log(line);
    for (const file of [average, fifo, disordered]) file.close();
  });
}

function countOf(file: BookFile): number {
  let count = 0;
  for (const row of file.entries(1)) count += row.id.length;
  return count;
}

/** A share of the facts arrives up to a thousand facts later than it happened. */
function late(facts: readonly Fill[], share: number): readonly Fill[] {
  if (share === 0) return facts;
  const random = new Random(5);
  const places = facts.map((fact, index) => ({
    fact,
    place: random.chance(share) ? index + random.between(1, 1000) : index,
  }));
  return places.sort((a, b) => a.place - b.place).map(({ fact }) => fact);
}
