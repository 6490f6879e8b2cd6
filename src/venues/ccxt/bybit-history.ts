/**
 * Bybit's past: executions of all kinds by category, and the transaction log. Both in windows of
 * seven days, newest first, two years back.
 */
import type { CashFact, Fill } from '../../model/fact.ts';
import { bybitPage } from './bybit-paging.ts';
import type { History, Window } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import type { Market } from './instrument-index.ts';
import {
  bybitChainEnd,
  bybitChainFaults,
  bybitTold,
  mapBybitCashFlows,
} from './mapping/bybit-cash-flows.ts';
import { mapBybitExecutions } from './mapping/bybit-executions.ts';
import { bybitMarkets } from './mapping/bybit-instruments.ts';
import type { Raw } from './raw.ts';

const day = 86_400_000;
const windowMs = 7 * day;
const historyMs = 730 * day;

const range = ({ from, to }: Window) => ({ startTime: from, endTime: to });

/** A page is named `category|cursor`: one category after the other. */
export const bybitExecutions = (client: ExchangeClient): History<Fill> => ({
  historyMs,
  windowMs,
  complete: true,
  newestFirst: true,
  async page(context, window, page) {
    const [category = bybitMarkets[0]!, cursor = ''] = page?.split('|') ?? [];
    // Without execType: with it, liquidations, deleveragings and settlements are left out.
    const query = { category, limit: 100, ...range(window), ...(cursor === '' ? {} : { cursor }) };
    const answer = await bybitPage(client, 'privateGetV5ExecutionList', query);
    const mapped = mapBybitExecutions(context, answer.rows, category as Market);
    const following = bybitMarkets[bybitMarkets.indexOf(category as Market) + 1];
    const ended = answer.cursor === '' || answer.cursor === cursor || answer.rows.length === 0;
    const next = ended ? (following ?? null) : `${category}|${answer.cursor}`;
    return { ...mapped, items: mapped.items.filter((fact) => fact.kind === 'fill'), next };
  },
});

export const bybitCashFlows = (client: ExchangeClient): History<CashFact> => ({
  historyMs,
  windowMs,
  complete: true,
  newestFirst: true,
  async page(context, window, page) {
    const { cursor, before } = placeOf(page);
    const further = cursor === null ? {} : { cursor };
    const query = { accountType: 'UNIFIED', limit: 50, ...range(window), ...further };
    const answer = await bybitPage(client, 'privateGetV5AccountTransactionLog', query);
    const { items, faults } = mapBybitCashFlows(context, answer.rows);
    const ended = answer.cursor === '' || answer.cursor === cursor || answer.rows.length === 0;
    const rows = [...before, ...answer.rows];
    const next: Place = { cursor: answer.cursor, before: bybitChainEnd(rows) };
    return {
      items,
      faults: [...faults, ...bybitChainFaults(rows)],
      next: ended ? null : JSON.stringify(next),
      executions: bybitTold(answer.rows),
    };
  },
});

/** A page of the log, and the rows before it that its chain of balances goes on from. */
interface Place {
  readonly cursor: string | null;
  readonly before: readonly Raw[];
}

/** A place that was kept in the exchange's own words has no rows before it. */
const placeOf = (page: string | null): Place =>
  page?.startsWith('{') === true ? (JSON.parse(page) as Place) : { cursor: page, before: [] };
