/** Fills of the book that a venue may still say something about. */
import type { Fill } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookReader } from '../reading.ts';

const endOfTime: Instant = 2n ** 62n;

/** Those in force since an instant, or since the first order that is open was last told of. */
export function* fillsInForce(
  reader: BookReader,
  account: Account,
  since: Instant,
): Generator<Fill> {
  const { file } = reader;
  const open = file.orders(account.account, { status: 'open' });
  const from = open.reduce((first, { time }) => (time < first ? time : first), since);
  for (const row of file.entriesBetween(account.account, from, endOfTime, ['fill'])) {
    const fact = reader.inForce(account, row)?.fact;
    if (fact?.kind === 'fill') yield fact;
  }
}
