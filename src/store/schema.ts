/**
 * The tables of a book. Truth: entries and batches, which only grow. The rest is derived from
 * them, or lies outside the chain with checks of its own.
 */

/** Format 1; every migration adds one. It is the `user_version` of the file. */
export const firstFormat = 1;

/** 'True' in ASCII: tells a book from any other SQLite file by its header. */
export const applicationId = 0x54727565;

const truth = `
CREATE TABLE book_entries (
  account INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  v INTEGER NOT NULL,
  effective_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  instrument TEXT NOT NULL,
  side TEXT NOT NULL,
  leg TEXT NOT NULL,
  quantity TEXT,
  price TEXT,
  amount TEXT,
  currency TEXT,
  order_id TEXT,
  body TEXT,
  caused_by INTEGER,
  PRIMARY KEY (account, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX book_entry_keys
  ON book_entries (id, account, kind, instrument, side, leg);
CREATE INDEX book_entry_kinds ON book_entries (account, kind, sequence) WHERE kind <> 'fill';
CREATE TABLE book_batches (
  account INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (account, last_sequence)
) STRICT, WITHOUT ROWID;
`;

const settings = `
CREATE TABLE book_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE book_accounts (
  account INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  venue TEXT NOT NULL,
  currency TEXT NOT NULL,
  cost_method TEXT NOT NULL,
  fees_in_cost INTEGER NOT NULL,
  mode TEXT NOT NULL,
  position_mode TEXT NOT NULL
) STRICT;
CREATE TABLE book_lease (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  epoch INTEGER NOT NULL,
  holder TEXT,
  socket TEXT,
  pid INTEGER,
  taken_at INTEGER,
  expires_at INTEGER
) STRICT;
INSERT INTO book_lease (only, epoch) VALUES (1, 0);
`;

const outsideTheChain = `
CREATE TABLE book_instruments (
  venue TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  valid_from INTEGER,
  content TEXT NOT NULL,
  crc INTEGER NOT NULL,
  PRIMARY KEY (venue, name, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_currencies (
  currency TEXT PRIMARY KEY,
  decimals INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE book_marks (
  instrument TEXT NOT NULL,
  minute INTEGER NOT NULL,
  time INTEGER NOT NULL,
  price TEXT NOT NULL,
  source TEXT,
  crc INTEGER NOT NULL,
  PRIMARY KEY (instrument, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX book_marks_by_minute ON book_marks (minute);
CREATE TABLE book_texts (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const derived = `
CREATE TABLE book_amendments (
  account INTEGER NOT NULL,
  target INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (account, target, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_pages (
  account INTEGER NOT NULL,
  pool TEXT NOT NULL,
  page INTEGER NOT NULL,
  last_order TEXT NOT NULL,
  members TEXT NOT NULL,
  state TEXT NOT NULL,
  crc INTEGER NOT NULL,
  PRIMARY KEY (account, pool, page)
) STRICT;
CREATE TABLE book_groups (
  account INTEGER NOT NULL,
  pool TEXT NOT NULL,
  state TEXT NOT NULL,
  last_order TEXT,
  tail TEXT NOT NULL,
  page_count INTEGER NOT NULL,
  PRIMARY KEY (account, pool)
) STRICT;
CREATE TABLE book_streams (
  account INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  fold_version INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  memory TEXT NOT NULL
) STRICT;
`;

const queryTables = `
CREATE TABLE book_positions (
  account INTEGER NOT NULL,
  pool TEXT NOT NULL,
  type TEXT NOT NULL,
  instrument TEXT,
  asset TEXT,
  leg TEXT NOT NULL,
  quantity TEXT NOT NULL,
  average_price TEXT,
  cost_basis TEXT,
  multiplier TEXT NOT NULL,
  settle TEXT NOT NULL,
  realised TEXT,
  fees TEXT NOT NULL,
  funding TEXT,
  opened_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account, pool)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_balances (
  account INTEGER NOT NULL,
  currency TEXT NOT NULL,
  total TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_orders (
  account INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  instrument TEXT NOT NULL,
  side TEXT NOT NULL,
  type TEXT NOT NULL,
  quantity TEXT NOT NULL,
  price TEXT,
  filled TEXT,
  status TEXT NOT NULL,
  reduce_only INTEGER NOT NULL,
  client_order_id TEXT,
  time INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (account, order_id, instrument)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_performance (
  account INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  total_value TEXT,
  cash TEXT,
  positions_value TEXT,
  PRIMARY KEY (account, sequence)
) STRICT, WITHOUT ROWID;
`;

const appendOnly = (table: string): string =>
  ['UPDATE', 'DELETE']
    .map(
      (verb) => `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, 'append-only: ${table} takes no ${verb}'); END;`,
    )
    .join('\n');

/** Tables whose rows never change, each with its two triggers. */
const appendOnlyTables = ['book_entries', 'book_batches', 'book_instruments'];

export const tables = [
  truth,
  settings,
  outsideTheChain,
  derived,
  queryTables,
  ...appendOnlyTables.map(appendOnly),
].join('\n');
