/** Whether positions that nobody trades cost anything: ten instruments, alone and among 10,000. */
import { join } from 'node:path';
import type { Fill } from '../src/model/fact.ts';
import { measureInTurn, print, type Trial } from './measure.ts';
import { account, inFolder, openBook, recordIn } from './temporary-book.ts';
import { Trading } from './trading.ts';

const fillsPerRound = 30_000;
const batch = 1000;
const rounds = 7;
const many = 10_000;

export async function run(): Promise<void> {
  await inFolder(async (folder) => {
    const trial = async (name: string, open: number, traded: number): Promise<Trial> => {
      const book = openBook(join(folder, `${open}-${traded}.db`));
      await book.record(account('main'));
      const crowd = new Trading({ instruments: open });
      await recordIn(book, crowd.openAll(), 5000);
      // The same fills among few and many, so that only what lies beside them differs.
      const trading =
        traded === open && open > 10 ? crowd : new Trading({ instruments: traded, seed: 2 });
      trading.skip(open);
      return {
        name,
        prepare: () => {
          const fills: readonly Fill[] = trading.fills(fillsPerRound);
          return async () => {
            const booked = await recordIn(book, fills, batch);
            if (booked !== fillsPerRound) throw new Error(`${booked} fills were booked`);
          };
        },
      };
    };
    const measured = await measureInTurn(
      [
        await trial('10 traded, 10 open', 10, 10),
        await trial('10 traded, 10,000 open', many, 10),
        await trial('10,000 traded, 10,000 open', many, many),
      ],
      fillsPerRound,
      rounds,
    );
    console.log(`durable fills in batches of ${batch}`);
    print(measured, ' fills');
  });
}
