/** What the exchange says the account holds, from its own books; complete, for its whole life. */
import { add, zero } from '../../decimal/decimal.ts';
import type { Statement, StatementSection } from '../../model/statement.ts';
import { standingIn } from './accounts/margin.ts';
import { averageOf, unrealisedOf } from './accounts/position.ts';
import type { Core } from './core.ts';
import type { PaperHoldings } from './paper-exchange.ts';
import { openReports } from './reports.ts';

export function statementOf(core: Core): Statement {
  const { options, now } = core;
  const ranged = { from: options.startAt, to: now + 1n };
  const { positions, balances } = holdingsOf(core);
  const fills = core.fills.filter(({ executionId }) => !core.busted.has(executionId));
  return {
    account: options.account,
    venue: options.venue,
    asOf: now,
    takenAt: now,
    positions: whole(positions, { scope: scopeOf(core) }),
    balances: whole(balances),
    orders: whole(openReports(core)),
    executions: whole(fills, ranged),
    cashFlows: whole(core.flows, ranged),
  };
}

export const holdingsOf = (core: Core): PaperHoldings => ({
  positions: positionsOf(core),
  balances: balancesOf(core),
});

const whole = <Item>(
  items: readonly Item[],
  of: Partial<StatementSection<Item>> = {},
): StatementSection<Item> => ({
  ...{ complete: true, scope: null, error: null, from: null, to: null, items: [...items] },
  ...of,
});

/** Kinds of contracts that it trades; null where it trades none. */
function scopeOf(core: Core): readonly string[] | null {
  const contracts = [...core.instruments.values()].filter(({ type }) => type !== 'spot');
  const kinds = new Set(contracts.map(({ type, settle }) => `${type}:${settle}`));
  return kinds.size === 0 ? null : [...kinds].sort();
}

const positionsOf = (core: Core) =>
  core.ledger.positions().map((position) => {
    const { instrument, leg, quantity } = position;
    const mark = core.margin.markOf(instrument.name);
    return {
      ...{ instrument: instrument.name, leg, quantity, averagePrice: averageOf(position) },
      markPrice: mark,
      unrealisedPnl: mark === null ? null : unrealisedOf(position, mark),
    };
  });

const balancesOf = (core: Core) =>
  core.ledger.coins().map((currency) => {
    const { unrealised } = standingIn(currency, core.ledger, core.margin);
    const total = core.ledger.wallet(currency);
    const available = core.available(currency);
    return {
      ...{ currency, total, borrowed: null },
      available: available.coefficient < 0 ? zero : available,
      equity: unrealised === null ? null : add(total, unrealised),
    };
  });
