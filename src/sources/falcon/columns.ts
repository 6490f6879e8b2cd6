/**
 * The tables of the schema and the names under which bots of this family keep their columns. The
 * first name that a table has is taken, whatever its case. Only what means the same is listed:
 * `balance` may be cash or the total, `amount` a quantity or money, and so they are not.
 */
import { optional, required, type WantedTable } from '../wanted-tables.ts';

const owner = optional('account_id account', 'where several accounts share one table');
const updated = optional('last_updated updated_at last_update', 'when the row was written last');

export const wantedTables = {
  account: {
    names: ['account', 'accounts'],
    required: true,
    columns: {
      id: required('id account_id', 'the row, which writes have to name'),
      cash: required('cash cash_balance', 'what is held in money'),
      total: optional('total_value total_equity', 'the newer generation keeps none'),
      updated,
    },
  },
  positions: {
    names: ['positions', 'position'],
    required: true,
    columns: {
      symbol: required('symbol ticker', 'what is held'),
      quantity: required('quantity qty size', 'how much of it, signed'),
      side: optional('side direction', 'long or short, where quantities have no sign'),
      entryPrice: optional('entry_price avg_price average_price avg_entry_price', 'cost of a unit'),
      price: optional('current_price last_price mark_price', 'the newer generation keeps none'),
      updated,
      entryAt: optional('entry_date entry_time opened_at', 'when it was opened'),
      status: optional('status state', 'whether it is still held; without it every row is'),
      isOpen: optional('is_open is_active active', 'the same as a flag'),
      closed: optional('closed is_closed closed_at exit_time exit_date', 'the same, or since when'),
      account: owner,
    },
  },
  orders: {
    names: ['orders', 'trades'],
    required: false,
    columns: {
      id: optional('id order_id', 'its own name'),
      symbol: required('symbol ticker', 'what was traded'),
      side: required('side action', 'buy or sell'),
      quantity: required('quantity qty size', 'how much'),
      price: required('price fill_price filled_price', 'at what price'),
      time: optional('timestamp created_at filled_at executed_at time date', 'when'),
      pnl: optional('pnl realized_pnl realised_pnl', 'what the bot noted as realised'),
      status: optional('status state', 'whether it traded; without it every order did'),
      account: owner,
    },
  },
  performance: {
    names: ['performance', 'performance_history'],
    required: false,
    columns: {
      time: required('timestamp recorded_at created_at time date', 'of the record, and its key'),
      total: required('total_value total_equity', 'what the account was worth'),
      cash: optional('cash cash_balance', 'the part in money'),
      positionsValue: optional('positions_value position_value', 'the part in positions'),
      account: owner,
    },
  },
} satisfies Readonly<Record<string, WantedTable>>;

export type WantedName = keyof typeof wantedTables;
