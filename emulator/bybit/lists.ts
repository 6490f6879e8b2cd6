/** What the account is: its wallet, its positions, their leverage. */
import { equals } from '../../src/decimal/decimal.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import type { Desk } from './desk.ts';
import { pageOfAll } from './paging.ts';
import type { RequestParameters } from './parameters.ts';
import { restPosition } from './payload-position.ts';
import { BybitRefusal, badParameter } from './refusal.ts';
import { instrumentOf } from './trading.ts';

export function wallet(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const omitted = desk.omitted();
  const named = parameters.text('coin')?.split(',') ?? null;
  const told = (ageMs: number) => desk.wallet(desk.floor.view(ageMs), omitted, named);
  const stale = faults.find('stale');
  const now = told(stale?.ageMs ?? 0);
  return {
    list: [
      {
        ...now,
        coin: faults.rows(
          (ageMs) => told(ageMs).coin,
          (row) => row.coin,
        ),
      },
    ],
  };
}

export function positions(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const category = parameters.category();
  const symbol = parameters.text('symbol');
  const settle = parameters.text('settleCoin');
  if (category === 'spot') throw badParameter('category spot has no positions');
  if (symbol === null && settle === null && category === 'linear')
    throw badParameter('symbol or settleCoin is missing');
  const rowsOf = (ageMs: number) => {
    const view = desk.floor.view(ageMs);
    const rows = desk.terms.names.instruments
      .filter(
        (one) =>
          one.type === category &&
          (symbol === null || desk.terms.names.symbol(one.name) === symbol) &&
          (settle === null || one.settle === settle),
      )
      .flatMap((one) => desk.positionRows(one, view))
      // Asked for by its symbol, a position that is flat is told as well.
      .filter(({ side }) => symbol !== null || side !== '');
    return rows.map((row, index) => ({ row: restPosition(row), sequence: rows.length - index }));
  };
  const rows = faults.rows(rowsOf, ({ row }) => `${row.symbol}|${row.positionIdx}`);
  const paging = { parameters, faults, usual: 20, most: 200, category };
  return pageOfAll(rows, paging, ({ row }) => row);
}

export function setLeverage(desk: Desk, parameters: RequestParameters) {
  const instrument = instrumentOf(desk, parameters.category(), parameters);
  const leverage = parameters.decimal('buyLeverage');
  if (leverage === null) throw badParameter('buyLeverage is missing');
  if (equals(desk.leverage(instrument.name), leverage))
    throw new BybitRefusal(110043, 'leverage not modified');
  desk.leverages.set(instrument.name, leverage);
  return {};
}
