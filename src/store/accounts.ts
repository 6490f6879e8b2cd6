/** The accounts of a book: a number for storage, a name for people, and their settings. */
import type { AccountFact } from '../model/fact.ts';
import type { Driver, Row } from './driver.ts';

export type AccountSettings = Omit<AccountFact, 'kind' | 'account' | 'time'>;

export interface Account extends AccountSettings {
  /** The number that all other tables use. */
  readonly account: number;
  readonly name: string;
}

const columns = 'account, name, venue, currency, cost_method, fees_in_cost, mode, position_mode';

export function accountReads(driver: Driver) {
  const all = driver.prepare(`SELECT ${columns} FROM book_accounts ORDER BY account`);
  const byName = driver.prepare(`SELECT ${columns} FROM book_accounts WHERE name = ?`);
  return {
    accounts: (): Account[] => all.all().map(accountOf),
    accountNamed(name: string): Account | null {
      const row = byName.get(name);
      return row === undefined ? null : accountOf(row);
    },
  };
}

export function accountWrites(driver: Driver) {
  const insert = driver.prepare(
    `INSERT INTO book_accounts (${columns})
     VALUES ((SELECT coalesce(max(account), 0) + 1 FROM book_accounts), ?, ?, ?, ?, ?, ?, ?)
     RETURNING account`,
  );
  return {
    /** The number of the new account. Its name must be free. */
    addAccount(name: string, settings: AccountSettings): number {
      const { venue, currency, costMethod, feesInCost, mode, positionMode } = settings;
      const flag = feesInCost ? 1 : 0;
      const row = insert.get(name, venue, currency, costMethod, flag, mode, positionMode);
      return Number(row![0]);
    },
  };
}

const accountOf = (row: Row): Account => ({
  account: Number(row[0]),
  name: row[1] as string,
  venue: row[2] as string,
  currency: row[3] as string,
  costMethod: row[4] as Account['costMethod'],
  feesInCost: row[5] === 1,
  mode: row[6] as Account['mode'],
  positionMode: row[7] as Account['positionMode'],
});
