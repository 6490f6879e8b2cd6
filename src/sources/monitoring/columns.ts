/**
 * The tables of the schema and the names under which its generations keep their columns. Where a
 * generation has two columns for one thing, both are named, and `rows.ts` says which one counts.
 */
import { optional, required, type WantedTable } from '../wanted-tables.ts';

const exchange = optional('exchange exchange_name', 'where it is held');
const executedFee = {
  fee: optional('fee commission', 'what it cost'),
  feeCurrency: optional('fee_currency fee_asset commission_asset', 'in which coin'),
};

export const wantedTables = {
  positions: {
    names: ['monitoring_positions', 'positions'],
    required: true,
    columns: {
      id: required('id position_id', 'the row, which writes have to name'),
      symbol: required('symbol', 'what is held'),
      exchange,
      side: required('side direction position_side', 'buy and long, sell and short'),
      quantity: required('quantity qty size', 'how much of it, without a sign'),
      entryPrice: required('entry_price avg_entry_price average_price', 'cost of a unit'),
      currentPrice: optional('current_price mark_price last_price', 'the newest price'),
      exitPrice: optional('exit_price close_price', 'most generations keep none'),
      realised: optional('realized_pnl realised_pnl', 'what closing it made'),
      pnl: optional('pnl', 'of a closed row what closing it made'),
      unrealised: optional('unrealized_pnl unrealised_pnl', 'what it would make now'),
      fees: optional('fees fee commission', 'what its executions cost'),
      status: required('status state', 'active or closed'),
      openedAt: optional('opened_at entry_time open_time', 'when it was opened'),
      closedAt: optional('closed_at exit_time close_time', 'when it was closed'),
      createdAt: optional('created_at', 'when the row was made'),
      updatedAt: optional('updated_at last_update last_updated', 'when it was written last'),
      exitReason: optional('exit_reason close_reason', 'why it was closed'),
      hasStopLoss: optional('has_stop_loss', 'whether a stop is set'),
      stopLossPrice: optional('stop_loss_price stop_loss', 'where'),
      trailingActivated: optional('trailing_activated', 'whether a trailing stop is active'),
      leverage: optional('leverage', 'more than 1 is no spot'),
      orderId: optional('exchange_order_id entry_order_id order_id', 'of the order that opened it'),
    },
  },
  orders: {
    names: ['monitoring_orders', 'orders'],
    required: false,
    columns: {
      id: required('id', 'the row'),
      positionId: optional('position_id', 'of the position'),
      exchange,
      symbol: required('symbol', 'what was ordered'),
      orderId: optional('exchange_order_id order_id', "the venue's name of it"),
      clientOrderId: optional('client_order_id', 'our own'),
      type: optional('type order_type', 'market, limit, stop'),
      side: required('side', 'buy or sell'),
      quantity: required('size quantity amount qty', 'how much was asked for'),
      price: optional('price', 'its limit'),
      filled: optional('filled filled_quantity filled_qty', 'how much of it was executed'),
      remaining: optional('remaining remaining_quantity', 'how much was not'),
      status: optional('status state', 'open, filled, cancelled'),
      ...executedFee,
      createdAt: optional('created_at timestamp', 'when it was made'),
      updatedAt: optional('updated_at', 'when it was written last'),
    },
  },
  trades: {
    names: ['monitoring_trades', 'trades'],
    required: false,
    columns: {
      id: required('id', 'the row'),
      positionId: optional('position_id', 'of the position'),
      exchange,
      symbol: required('symbol', 'what was traded'),
      orderId: optional('exchange_order_id order_id', "the venue's name of its order"),
      clientOrderId: optional('client_order_id', 'our own'),
      executionId: optional('exchange_trade_id execution_id exec_id', "the venue's name of it"),
      side: required('side', 'buy or sell'),
      type: optional('order_type type', 'market, limit, stop'),
      executed: optional('executed_qty filled_quantity', 'how much was executed'),
      quantity: optional('quantity qty amount size', 'how much was asked for, or else executed'),
      averagePrice: optional('average_price avg_price', 'at what price'),
      price: optional('price', 'at what price, where there is no average'),
      status: optional('status state', 'filled, failed'),
      ...executedFee,
      at: optional('executed_at created_at timestamp', 'when'),
      createdAt: optional('created_at', 'when the row was made'),
    },
  },
} satisfies Readonly<Record<string, WantedTable>>;

export type WantedName = keyof typeof wantedTables;
export type FieldOf<K extends WantedName> = keyof (typeof wantedTables)[K]['columns'];
