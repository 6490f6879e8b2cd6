/** The operators' own queries, and what they answer once the stored total is right. */

import { compare, subtract } from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import { moneyText } from '../model/amount.ts';
import { type Block, code, table, text } from './sections.ts';
import type { SourceAccountView, SourceView } from './source-view.ts';

export const verificationSql = {
  account: 'SELECT id, cash, total_value, last_updated FROM account;',
  positions: `\
SELECT symbol, quantity, entry_price, current_price,
       quantity * current_price AS value,
       (current_price - entry_price) * quantity AS unrealised_pnl
FROM positions
ORDER BY value DESC;`,
  difference: `\
SELECT cash,
       (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions) AS positions_value,
       cash + (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions) AS calculated,
       total_value AS stored,
       cash + (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions)
         - total_value AS difference
FROM account;`,
  performance: `\
SELECT timestamp, total_value, cash, positions_value,
       total_value - LAG(total_value) OVER (ORDER BY timestamp) AS change
FROM performance
ORDER BY timestamp DESC
LIMIT 10;`,
} as const;

/** Their answers are right for one account whose positions are all priced in the source. */
const answersFit = ({ keepsTotal, keepsPrices, accounts, identity }: SourceView): boolean =>
  identity.schema === 'falcon' &&
  keepsTotal &&
  keepsPrices &&
  accounts.length === 1 &&
  accounts[0]!.calculated !== null &&
  accounts[0]!.positions.every(({ priceFrom }) => priceFrom === 'stored');

export function verificationBlocks(source: SourceView): readonly Block[] {
  const check = `trueup check --source ${source.identity.location}`;
  if (!answersFit(source)) {
    return [
      text(
        'Queries on this database alone cannot say it: it has several accounts, keeps no total ' +
          'or no prices, or a part is unknown. The check does, and its exit code says which.',
      ),
      code('sh', check),
    ];
  }
  const [one] = source.accounts;
  return [
    text('After the fix these answer as shown; a binary column may add a digit far behind.'),
    code('sql', verificationSql.account),
    accountTable(one!),
    code('sql', verificationSql.positions),
    positionsTable(one!),
    code('sql', verificationSql.difference),
    differenceTable(one!),
    code('sql', verificationSql.performance),
    performanceTable(one!),
    code('sh', check),
  ];
}

const accountTable = ({ id, cash, calculated }: SourceAccountView): Block =>
  table([
    ['id', 'cash', 'total_value', 'last_updated'],
    [id, moneyText(cash), moneyText(calculated), 'the time of the fix'],
  ]);

function positionsTable({ positions }: SourceAccountView): Block {
  const sorted = [...positions].sort((a, b) => compare(decimal(b.value!), decimal(a.value!)));
  const rows = sorted.map(({ symbol, quantity, entryPrice, price, value, unrealisedPnl }) => [
    ...[symbol, quantity ?? '?', moneyText(entryPrice), moneyText(price)],
    ...[moneyText(value), moneyText(unrealisedPnl)],
  ]);
  const head = ['symbol', 'quantity', 'entry_price', 'current_price', 'value', 'unrealised_pnl'];
  return table([head, ...rows]);
}

const differenceTable = ({ cash, positionsValue, calculated }: SourceAccountView): Block =>
  table([
    ['cash', 'positions_value', 'calculated', 'stored', 'difference'],
    [
      ...[moneyText(cash), moneyText(positionsValue), moneyText(calculated)],
      ...[moneyText(calculated), '0'],
    ],
  ]);

/** With the record that the fix adds on top; newest first. */
function performanceTable({ performance, cash, positionsValue, calculated }: SourceAccountView) {
  const last = performance.records.at(-1)?.total ?? null;
  const added = [
    ...['the time of the fix', moneyText(calculated), moneyText(cash), moneyText(positionsValue)],
    last === null || calculated === null ? '' : changeText(last, calculated),
  ];
  const rows = performance.records
    .slice(-9)
    .toReversed()
    .map((record) => [
      ...[record.time, moneyText(record.total), moneyText(record.cash)],
      ...[moneyText(record.positionsValue), record.change === null ? '' : signed(record.change)],
    ]);
  return table([['timestamp', 'total_value', 'cash', 'positions_value', 'change'], added, ...rows]);
}

const signed = (amount: string): string => moneyText(amount, { signed: true });

const changeText = (before: string, after: string): string =>
  moneyText(subtract(decimal(after), decimal(before)), { signed: true });
