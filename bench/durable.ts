/** One fill per durable commit: what a bot waits for after each of its trades. */
import { join } from 'node:path';
import { BareTable } from './bare-table.ts';
import { median, percentile } from './measure.ts';
import { account, inFolder, openBook } from './temporary-book.ts';
import { Trading } from './trading.ts';

const warmUps = 500;
const fills = 4000;
/** So many commits of one, then of the other: the disk's mood changes within seconds. */
const turn = 20;

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    const bare = new BareTable(join(folder, 'bare.db'));
    const book = openBook(join(folder, 'book.db'));
    await book.record(account('main'));
    const rows = bare.rows(new Trading({ instruments: 10 }).fills(fills + warmUps));
    const facts = new Trading({ instruments: 10 }).fills(fills + warmUps);
    const times = { bare: [] as number[], book: [] as number[] };
    for (let from = 0; from < facts.length; from += turn) {
      for (const row of rows.slice(from, from + turn)) {
        const start = process.hrtime.bigint();
        bare.insert([row], 1);
        times.bare.push(Number(process.hrtime.bigint() - start) / 1000);
      }
      for (const fact of facts.slice(from, from + turn)) {
        const start = process.hrtime.bigint();
        const outcome = await book.record(fact);
        times.book.push(Number(process.hrtime.bigint() - start) / 1000);
        if (outcome.status !== 'booked') throw new Error('a fill was not booked');
      }
    }
    bare.close();
    await book.close();
    console.log(`one fill per durable commit, ${fills} of each in turns of ${turn}, microseconds`);
    const measured = { bare: times.bare.slice(warmUps), book: times.book.slice(warmUps) };
    for (const [name, values] of Object.entries(measured)) print(name, values);
    const turns = Array.from({ length: fills / turn }, (_, index) => {
      const part = (values: readonly number[]) =>
        median(values.slice(index * turn, (index + 1) * turn));
      return part(measured.bare) / part(measured.book);
    });
    console.log(`  speed beside the bare one: x${median(turns).toFixed(2)}`);
  });
}

function print(name: string, values: readonly number[]): void {
  const figures = [0.5, 0.9, 0.99, 0.999].map(
    (share) => `p${share * 100} ${percentile(values, share).toFixed(0)}`,
  );
  const speed = Math.round(1e6 / median(values)).toLocaleString('en');
  console.log(
    `  ${name.padEnd(6)}${figures.join('  ')}  max ${Math.max(...values).toFixed(0)}  (${speed}/s)`,
  );
}
