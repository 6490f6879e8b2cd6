/**
 * The database of an incident, row by row: nine positions of a bot for perpetuals on Bybit, of
 * which three are not of the size that the exchange holds, and empty tables of orders and trades.
 *
 * Reported are, of HNTUSDT, SCAUSDT and AGIUSDT, the keys, the stored sizes, when they were opened
 * and when their rows were written last, and that SCA and AGI are short. The rest is our choice:
 * the side of HNT, all prices (those of SCA and AGI are near what the reported exit orders follow
 * from by the rules of that bot), and the other six. Tests and the rehearsal build it; nothing else
 * does.
 */
import { DatabaseSync } from 'node:sqlite';
import type { SourceEngine } from '../../model/source.ts';
import type { Generation } from './shape.ts';

interface IncidentPosition {
  readonly id: number;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly quantity: string;
  readonly entryPrice: string;
  readonly currentPrice: string;
  /** Of the three that were reported the opening and the last write are as reported, in UTC. */
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly stopLossPrice: string;
  readonly unrealised: string;
}

/** Times without the year; unrealised: (current - entry) x size, the other way for a short. */
const columns = 'id symbol side size entry current opened updated stop unrealised';
export const incidentPositions: readonly IncidentPosition[] = [
  // (0.0447 - 0.0481) x 4160
  '1   AGIUSDT  short 4160.0 0.0447   0.0481   10-12_19:58:45 10-13_15:25:29 0.0456 -14.144',
  // (0.09085 - 0.0953) x 2136.9
  '38  SCAUSDT  short 2136.9 0.09085  0.0953   10-13_00:50:07 10-13_15:25:28 0.0927 -9.509205',
  // (1.118 - 1.124) x 88
  '251 PEAQUSDT short 88.0   1.118    1.124    10-13_12:36:22 10-13_15:24:51 1.140  -0.528',
  // (0.4012 - 0.3987) x 249
  '259 GRTXUSDT long  249.0  0.3987   0.4012   10-13_12:51:14 10-13_15:24:57 0.3907 0.6225',
  // (2.33 - 2.35) x 60
  '274 HNTUSDT  long  60.0   2.35     2.33     10-13_13:08:35 10-13_15:25:06 2.303  -1.2',
  // (0.01262 - 0.01249) x 7920
  '281 ORBSUSDT short 7920.0 0.01262  0.01249  10-13_13:36:41 10-13_15:25:11 0.01287 1.0296',
  // (0.2118 - 0.2104) x 471
  '288 CATIUSDT long  471.0  0.2104   0.2118   10-13_14:06:18 10-13_15:25:15 0.2062 0.6594',
  // (0.0731 - 0.0733) x 1364
  '293 IDEXUSDT short 1364.0 0.0731   0.0733   10-13_14:36:52 10-13_15:25:20 0.0746 -0.2728',
  // At the price that it was opened at.
  '297 SNTRUSDT long  118500 0.000842 0.000842 10-13_15:06:33 10-13_15:25:24 0.000825 0',
].map((row): IncidentPosition => {
  const cells = row.split(/ +/);
  const cell = (name: string) => cells[columns.split(' ').indexOf(name)]!;
  const time = (name: string) => `2025-${cell(name).replace('_', ' ')}`;
  return {
    id: Number(cell('id')),
    symbol: cell('symbol'),
    side: cell('side') as 'long' | 'short',
    quantity: cell('size'),
    entryPrice: cell('entry'),
    currentPrice: cell('current'),
    openedAt: time('opened'),
    updatedAt: time('updated'),
    stopLossPrice: cell('stop'),
    unrealised: cell('unrealised'),
  };
});

/** What the exchange held at that moment where it was another size, as it was reported. */
export const incidentExchangeSizes: Readonly<Record<string, string>> = {
  HNTUSDT: '59.88',
  SCAUSDT: '2036.0',
  AGIUSDT: '3160.0',
};

type Kind = 'key' | 'word' | 'text' | 'number' | 'time' | 'flag';

interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly more: string;
}

/** `side:word!` may not be empty; `fees:number=0` has a default. */
const table = (text: string): readonly Column[] =>
  text
    .trim()
    .split(/\s+/)
    .map((part) => {
      const [, name = '', kind = '', strict, , given] =
        /^(\w+):(\w+)(!)?(=(.+))?$/.exec(part) ?? [];
      const more = [strict && 'NOT NULL', given && `DEFAULT ${given}`].filter(Boolean).join(' ');
      return { name, kind: kind as Kind, more };
    });

const head = `id:key symbol:word! exchange:word! side:word! quantity:number! entry_price:number!
  current_price:number unrealized_pnl:number`;
const stops = 'has_stop_loss:flag=FALSE stop_loss_price:number trailing_activated:flag=FALSE';
const times = `opened_at:time=CURRENT_TIMESTAMP closed_at:time created_at:time=CURRENT_TIMESTAMP
  updated_at:time=CURRENT_TIMESTAMP`;

const orders = table(`id:key position_id:text exchange:word! symbol:word! order_id:text
  client_order_id:text type:word! side:word! size:number price:number status:word! filled:number
  remaining:number fee:number fee_currency:word created_at:time=CURRENT_TIMESTAMP
  updated_at:time=CURRENT_TIMESTAMP`);

interface Layout {
  readonly positions: readonly Column[];
  readonly orders: readonly Column[] | null;
  readonly trades: readonly Column[] | null;
  readonly types: Readonly<Record<Kind, Readonly<Record<SourceEngine, string>>>>;
  /** What a row has beside the columns in which all generations are alike. */
  readonly row: (one: IncidentPosition) => Readonly<Record<string, string>>;
}

const numbered: Layout['types'] = {
  key: { sqlite: 'INTEGER PRIMARY KEY', postgresql: 'SERIAL PRIMARY KEY' },
  word: { sqlite: 'VARCHAR(20)', postgresql: 'VARCHAR(20)' },
  text: { sqlite: 'VARCHAR(100)', postgresql: 'VARCHAR(100)' },
  number: { sqlite: 'DECIMAL(20,8)', postgresql: 'NUMERIC(20,8)' },
  time: { sqlite: 'TIMESTAMP', postgresql: 'TIMESTAMP WITH TIME ZONE' },
  flag: { sqlite: 'BOOLEAN', postgresql: 'BOOLEAN' },
};

const inUtc = (time: string) => `${time}+00:00`;
const stamps = (one: IncidentPosition, shown: (time: string) => string) => ({
  opened_at: shown(one.openedAt),
  created_at: shown(one.openedAt),
  updated_at: shown(one.updatedAt),
});
const orderSide = { long: 'buy', short: 'sell' } as const;

const layouts: Readonly<Record<Generation, Layout>> = {
  /** The schema of the incident itself. */
  'pnl-only': {
    positions: table(`${head} pnl:number status:word!='active' leverage:number exit_reason:text
      ${stops} ${times}`),
    orders,
    trades: table(`id:key signal_id:number symbol:word! exchange:word! side:word! quantity:number
      executed_qty:number price:number status:word! order_id:text
      created_at:time=CURRENT_TIMESTAMP`),
    types: numbered,
    row: (one) => ({
      ...{ side: orderSide[one.side], status: 'active', leverage: '10' },
      ...stamps(one, inUtc),
    }),
  },
  /** With realised PnL and fees, and times that do not say of which zone they are. */
  'realized-pnl': {
    positions: table(`${head} realized_pnl:number pnl:number fees:number=0 status:word!='active'
      exit_reason:text ${stops} exchange_order_id:text ${times}`),
    orders,
    trades: table(`id:key signal_id:number symbol:word! exchange:word! side:word! order_type:word
      quantity:number price:number executed_qty:number average_price:number order_id:text
      client_order_id:text status:word fee:number fee_currency:word
      executed_at:time=CURRENT_TIMESTAMP`),
    types: { ...numbered, time: { sqlite: 'TIMESTAMP', postgresql: 'TIMESTAMP' } },
    row: (one) => ({
      ...{ side: orderSide[one.side], status: 'active', fees: '0' },
      ...stamps(one, (time) => time),
    }),
  },
  /** With an exit price, keys of letters, binary floats, and no other tables. */
  'exit-price': {
    positions: table(`${head} realized_pnl:number exit_price:number fees:number status:word!
      exit_reason:text ${stops} opened_at:time closed_at:time last_update:time`),
    orders: null,
    trades: null,
    types: {
      ...numbered,
      key: { sqlite: 'VARCHAR(50) PRIMARY KEY', postgresql: 'VARCHAR(50) PRIMARY KEY' },
      number: { sqlite: 'REAL', postgresql: 'DOUBLE PRECISION' },
    },
    row: (one) => ({
      ...{ id: `pos_${one.id}`, side: one.side, status: 'OPEN', opened_at: inUtc(one.openedAt) },
      last_update: inUtc(one.updatedAt),
    }),
  },
};

/** Bots of all generations are alike in these. */
const commonRow = (one: IncidentPosition) => ({
  id: String(one.id),
  symbol: one.symbol,
  exchange: 'bybit',
  quantity: one.quantity,
  entry_price: one.entryPrice,
  current_price: one.currentPrice,
  unrealized_pnl: one.unrealised,
  stop_loss_price: one.stopLossPrice,
  ...{ has_stop_loss: 'TRUE', trailing_activated: 'FALSE' },
});

/** The statements that make it in an empty database; on a server in a schema of its own. */
export function incidentSql(engine: SourceEngine, generation: Generation): readonly string[] {
  const { positions, types, row, ...others } = layouts[generation];
  const prefix = engine === 'sqlite' ? '' : 'monitoring.';
  const made = (name: string, columns: readonly Column[] | null) => {
    if (columns === null) return [];
    const declared = columns.map((one) => `${one.name} ${types[one.kind][engine]} ${one.more}`);
    return [`CREATE TABLE ${prefix}${name} (${declared.join(', ')})`];
  };
  const typeOf = new Map(positions.map(({ name, kind }) => [name, types[kind][engine]]));
  const rows = incidentPositions.map((one) => {
    const cells = Object.entries({ ...commonRow(one), ...row(one) });
    const values = cells.map(([name, cell]) => literal(typeOf.get(name)!, cell));
    const names = cells.map(([name]) => name).join(', ');
    return `INSERT INTO ${prefix}positions (${names}) VALUES (${values.join(', ')})`;
  });
  const isSerial = types.key[engine].startsWith('SERIAL');
  return [
    ...(engine === 'sqlite' ? [] : ['CREATE SCHEMA monitoring']),
    ...made('positions', positions),
    ...made('orders', others.orders),
    ...made('trades', others.trades),
    ...rows,
    // The next key that the server gives comes after those that were written by hand.
    ...(isSerial ? [`SELECT setval('monitoring.positions_id_seq', ${lastId})`] : []),
  ];
}

const lastId = Math.max(...incidentPositions.map(({ id }) => id));

const literal = (type: string, cell: string): string =>
  /CHAR|TIME/.test(type) ? `'${cell}'` : cell;

/** Makes the SQLite file, which must not exist yet. */
export function createIncidentDatabase(path: string, generation: Generation = 'pnl-only'): void {
  const file = new DatabaseSync(path);
  try {
    file.exec(`BEGIN; ${incidentSql('sqlite', generation).join('; ')}; COMMIT`);
  } finally {
    file.close();
  }
}
