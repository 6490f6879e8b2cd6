/** Tables that guards are installed in, as bots make them on each engine. */
import type { SourceEngine } from '../../src/model/source.ts';

export type GuardTables = 'one account' | 'several accounts' | 'a total that must be there';

const types = {
  sqlite: { money: 'REAL', quantity: 'REAL' },
  postgresql: { money: 'DECIMAL(15,2)', quantity: 'DECIMAL(15,4)' },
} as const;

/** Cash 1000 (and 2000), a stale total, and A 10 x 2.5 = 25. */
export function guardTables(engine: SourceEngine, tables: GuardTables): string {
  const { money, quantity } = types[engine];
  const must = tables === 'a total that must be there' ? ' NOT NULL' : '';
  const several = tables === 'several accounts';
  const [owner, key] = several
    ? ['account_id INTEGER, ', 'PRIMARY KEY (account_id, symbol)']
    : ['', 'PRIMARY KEY (symbol)'];
  return `
    CREATE TABLE account (id INTEGER PRIMARY KEY, cash ${money}, total_value ${money}${must},
      last_updated TEXT);
    CREATE TABLE positions (${owner}symbol VARCHAR(16), quantity ${quantity}, entry_price ${money},
      current_price ${money}, last_updated TEXT, ${key});
    INSERT INTO account VALUES (1, 1000, 10000, '2026-01-10')${several ? ", (2, 2000, 5, '')" : ''};
    INSERT INTO positions (${several ? 'account_id, ' : ''}symbol, quantity, current_price)
      VALUES (${several ? '1, ' : ''}'A', 10, 2.5);`;
}
