/** What may be written into a bot's database: what is held, or what closing came to. */
import { isZero } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { RowsSynced } from '../../src/service/source/positions-sync.ts';
import { unitsOf } from './ledger.ts';
import type { Oracle } from './oracle.ts';

/** Each change that was written, held against the ledger as of what it was decided on. */
export function checkRows(oracle: Oracle, { applied, before }: RowsSynced): void {
  const { asOf } = before.input.truth.statement;
  for (const { repair } of applied) {
    for (const { rows } of repair.writes === undefined ? [] : [repair.writes]) {
      for (const { symbol, quantity, close } of rows.changes) {
        const held = oracle.ledger.held(asOf).positions.get(symbol) ?? 0n;
        const size = held < 0n ? -held : held;
        if (quantity !== undefined && quantity !== null && unitsOf(toText(quantity)) !== size) {
          oracle.fault('SM7', `${symbol} was written ${toText(quantity)}, and is ${held}`);
        }
        const profit = close?.realisedPnl ?? null;
        if (profit === null) continue;
        const results = oracle.ledger.closedResults(symbol, asOf);
        if (results.includes(unitsOf(toText(profit)))) continue;
        const zero = isZero(profit) ? ', which nothing came to' : '';
        oracle.fault('SM7', `${symbol} was closed with ${toText(profit)}${zero}`);
      }
    }
  }
}
