/**
 * Views for people with SQL: the tables that paper-trading bots keep, showing one account as it
 * is, and the truth as fills and cash flows. They round to binary floats; the book never does.
 */
import { cashKinds } from '../model/fact.ts';

/** The account that the views show: the one named in book_meta, else the first. */
const viewed = `
CREATE VIEW book_viewed AS
  SELECT account, currency FROM book_accounts
  ORDER BY name = coalesce((SELECT value FROM book_meta WHERE key = 'view_account'), '') DESC,
    account
  LIMIT 1;
`;

const isoTime = (nanos: string): string =>
  `strftime('%Y-%m-%dT%H:%M:%S', ${nanos} / 1000000000, 'unixepoch')
    || printf('.%03dZ', ${nanos} / 1000000 % 1000)`;

const newestMark = (column: string, instrument: string): string =>
  `(SELECT m.${column} FROM book_marks m WHERE m.instrument = ${instrument}
    ORDER BY m.minute DESC LIMIT 1)`;

const positions = `
CREATE VIEW positions AS
  SELECT p.asset AS symbol,
    CAST(p.quantity AS REAL) AS quantity,
    CAST(p.average_price AS REAL) AS entry_price,
    CAST(${newestMark('price', 'p.instrument')} AS REAL) AS current_price,
    ${isoTime('p.opened_at')} AS entry_date,
    ${isoTime('p.updated_at')} AS last_updated
  FROM book_viewed v JOIN book_positions p ON p.account = v.account
  WHERE p.type = 'spot' AND p.quantity <> '0' AND p.asset <> v.currency
  ORDER BY p.pool;
`;

/** What derivatives would bring in the reporting currency if they were closed now. */
const unrealised = `
CREATE VIEW book_unrealised AS
  SELECT pool,
    CASE type
      WHEN 'linear' THEN (mark - average) * quantity * multiplier
        * CASE WHEN settle = currency THEN 1 ELSE settle_rate END
      WHEN 'inverse' THEN (cost - quantity * multiplier / mark) * mark
    END AS amount
  FROM (
    SELECT p.pool, p.type, p.settle, v.currency,
      CAST(p.quantity AS REAL) AS quantity,
      CAST(p.multiplier AS REAL) AS multiplier,
      CAST(p.average_price AS REAL) AS average,
      CAST(p.cost_basis AS REAL) AS cost,
      CAST(${newestMark('price', 'p.instrument')} AS REAL) AS mark,
      CAST(${newestMark('price', "p.settle || '/' || v.currency")} AS REAL) AS settle_rate
    FROM book_viewed v JOIN book_positions p ON p.account = v.account
    WHERE p.type <> 'spot' AND p.quantity <> '0'
  );
`;

/** Null where a part has no price: a sum that leaves a part out is wrong, not small. */
const account = `
CREATE VIEW account AS
  SELECT id, cash,
    CASE WHEN EXISTS (SELECT 1 FROM positions WHERE current_price IS NULL) THEN NULL
      ELSE cash + COALESCE((SELECT SUM(quantity * current_price) FROM positions), 0)
    END AS total_value,
    last_updated
  FROM (
    SELECT v.account AS id,
      COALESCE((SELECT CAST(b.total AS REAL) FROM book_balances b
        WHERE b.account = v.account AND b.currency = v.currency), 0)
      + (SELECT CASE WHEN COUNT(*) = COUNT(amount) THEN COALESCE(SUM(amount), 0) END
        FROM book_unrealised) AS cash,
      (SELECT ${isoTime('MAX(at)')} FROM (
        SELECT MAX(recorded_at) AS at FROM book_batches WHERE account = v.account
        UNION ALL
        SELECT MAX(${newestMark('time', 'p.instrument')}) FROM book_positions p
          WHERE p.account = v.account AND p.quantity <> '0'
      )) AS last_updated
    FROM book_viewed v
  );
`;

/** Spot is known by its coin there, as in positions. */
const symbol = (instrument: string): string =>
  `CASE WHEN instr(${instrument}, ':') = 0 AND instr(${instrument}, '/') > 0
    THEN substr(${instrument}, 1, instr(${instrument}, '/') - 1) ELSE ${instrument} END`;

const orders = `
CREATE VIEW orders AS
  SELECT o.order_id AS id,
    ${symbol('o.instrument')} AS symbol,
    o.side,
    CAST(o.quantity AS REAL) AS quantity,
    CAST(o.price AS REAL) AS price,
    ${isoTime('o.time')} AS timestamp,
    NULL AS pnl,
    o.status,
    CAST(o.filled AS REAL) AS filled
  FROM book_viewed v JOIN book_orders o ON o.account = v.account;
`;

const performance = `
CREATE VIEW performance AS
  SELECT ${isoTime('p.time')} AS timestamp,
    CAST(p.total_value AS REAL) AS total_value,
    CAST(p.cash AS REAL) AS cash,
    CAST(p.positions_value AS REAL) AS positions_value
  FROM book_viewed v JOIN book_performance p ON p.account = v.account;
`;

/** Entries that stand: not taken back, or taken back by something that was itself reversed. */
const standing = `NOT EXISTS (
    SELECT 1 FROM book_amendments a
    JOIN book_entries t ON t.account = a.account AND t.sequence = a.sequence
    WHERE a.account = e.account AND a.target = e.sequence AND t.kind IN ('bust', 'reversal')
      AND NOT EXISTS (
        SELECT 1 FROM book_amendments b
        JOIN book_entries u ON u.account = b.account AND u.sequence = b.sequence
        WHERE b.account = a.account AND b.target = a.sequence AND u.kind = 'reversal'))`;

/** The newest amendment of a kind that says something about a value. */
const amended = (kind: string, value: string): string =>
  `(SELECT ${value} FROM book_amendments a
    JOIN book_entries t ON t.account = a.account AND t.sequence = a.sequence
    WHERE a.account = e.account AND a.target = e.sequence AND t.kind = '${kind}'
      AND ${value} IS NOT NULL
    ORDER BY a.sequence DESC LIMIT 1)`;

const feeMember = (member: 'amount' | 'currency'): string =>
  `CASE json_array_length(t.body, '$.fees')
    WHEN 0 THEN ${member === 'amount' ? "'0'" : 'NULL'}
    WHEN 1 THEN json_extract(t.body, '$.fees[0].${member}') END`;

const fills = `
CREATE VIEW fills AS
  SELECT n.name AS account, e.sequence, e.id AS execution_id,
    coalesce(e.order_id, ${amended('fill-completed', "t.body ->> 'orderId'")}) AS order_id,
    e.instrument, e.side, e.leg,
    coalesce(${amended('correction', 't.quantity')}, e.quantity) AS quantity,
    coalesce(${amended('correction', 't.price')}, e.price) AS price,
    coalesce(${amended('correction', 't.amount')}, e.amount,
      ${amended('fill-completed', feeMember('amount'))}) AS fee,
    coalesce(${amended('correction', 't.currency')}, e.currency,
      ${amended('fill-completed', feeMember('currency'))}) AS fee_currency,
    coalesce(${amended('correction', "t.body -> 'fees'")}, e.body -> 'fees',
      ${amended('fill-completed', "t.body -> 'fees'")}) AS fees,
    ${isoTime('e.effective_at')} AS time
  FROM book_entries e JOIN book_accounts n ON n.account = e.account
  WHERE e.kind = 'fill' AND ${standing};
`;

const cashFlows = `
CREATE VIEW cash_flows AS
  SELECT n.name AS account, e.sequence, e.kind, e.id, e.currency, e.amount,
    nullif(e.instrument, '') AS instrument,
    coalesce(${amended('fill-completed', "t.body ->> 'state'")}, e.body ->> 'state', 'booked')
      AS state,
    ${isoTime('e.effective_at')} AS time
  FROM book_entries e JOIN book_accounts n ON n.account = e.account
  WHERE e.kind IN (${cashKinds.map((kind) => `'${kind}'`).join(', ')}) AND ${standing};
`;

export const views = [
  viewed,
  positions,
  unrealised,
  account,
  orders,
  performance,
  fills,
  cashFlows,
].join('\n');
