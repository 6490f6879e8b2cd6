/** What a venue says now of positions, orders and prices, for a plan. */
import { isZero } from '../../decimal/decimal.ts';
import type { ExitFacts, ExitPrices, HeldPosition } from '../../exits/facts.ts';
import { placeKey } from '../../exits/plan.ts';
import { type ExitRules, phaseAt } from '../../exits/rules.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StatementOrder, StatementPosition, StatementSection } from '../../model/statement.ts';
import type { Venue, VenueStatement } from '../../venues/venue.ts';
import { type Asked, asked, type Patience } from '../listening/asking.ts';

export type Observed = Omit<ExitFacts, 'held' | 'pauses' | 'rules'>;

/** Fails only where the venue gives no statement at all. */
export async function observed(
  venue: Venue,
  held: readonly HeldPosition[],
  rules: ExitRules,
  patience: Patience,
): Promise<Asked<Observed>> {
  const asking = await asked(() => venue.statement({ raw: true }), patience);
  if (!asking.ok) return asking;
  const statement = asking.value;
  const positions = wholeOf(statement.positions);
  const listed = await asked(() => venue.instruments(), patience);
  const instruments = new Map<string, Instrument>(
    (listed.ok ? listed.value : []).map((one) => [one.name, one]),
  );
  const value: Observed = {
    now: statement.asOf,
    positions,
    orders: wholeOf(statement.orders)?.filter(isOpen) ?? null,
    conditional: conditionalOf(statement),
    trailing: trailingOf(statement),
    prices: new Map(),
    instruments,
    canAmend: venue.capabilities.amend,
  };
  const prices = await pricesOf(venue, agedOf(value, held, rules), patience);
  return { ok: true, value: { ...value, prices } };
}

/** A list that is not whole says nothing about what it leaves out: it is none. */
const wholeOf = <Item>(section: StatementSection<Item> | null): readonly Item[] | null =>
  section === null || !section.complete || section.error !== null ? null : section.items;

const ended: ReadonlySet<string> = new Set(['filled', 'cancelled', 'rejected', 'expired']);

export const isOpen = ({ status }: Pick<StatementOrder, 'status'>): boolean => !ended.has(status);

/** Prices of what is aged alone: the others need none. */
function agedOf(
  { now, positions }: Observed,
  held: readonly HeldPosition[],
  rules: ExitRules,
): readonly string[] {
  const isAged = (position: StatementPosition) => {
    const at = held.find((one) => placeKey(one) === placeKey(position))?.openedAt ?? null;
    return at !== null && at <= now && phaseAt(now - at, rules).phase !== 'young';
  };
  const aged = (positions ?? []).filter((one) => !isZero(one.quantity) && isAged(one));
  return [...new Set(aged.map(({ instrument }) => instrument))].sort();
}

async function pricesOf(
  venue: Venue,
  instruments: readonly string[],
  patience: Patience,
): Promise<ReadonlyMap<string, ExitPrices>> {
  const prices = new Map<string, ExitPrices>();
  for (const instrument of instruments) {
    const ticker = await asked(() => venue.ticker(instrument), patience);
    if (ticker.ok) prices.set(instrument, ticker.value);
  }
  return prices;
}

/** The venue's own words know triggers, which the port's orders do not carry. */
const triggered = /"(?:triggerPrice|stopPrice)"\s*:\s*"?0*\.?0*[1-9]/;
const trails = /trailing/i;
/** Of a position itself, as Bybit keeps it. */
const trailingStop = /"trailingStop"\s*:\s*"?0*\.?0*[1-9]/;
const trailingOrder = /"(?:stopOrderType|orderType|type|origType)"\s*:\s*"[^"]*trailing/i;

function conditionalOf({ orders, raw }: VenueStatement): ReadonlySet<string> {
  const items = orders?.items ?? [];
  const isConditional = (order: StatementOrder, words: string | null | undefined) =>
    /trigger|stop|take.?profit/i.test(order.type ?? '') || triggered.test(words ?? '');
  return new Set(
    items
      .filter((order, index) => isConditional(order, raw?.orders[index]))
      .map(({ orderId }) => orderId),
  );
}

function trailingOf({ orders, positions, raw }: VenueStatement): ReadonlySet<string> {
  const byOrder = (orders?.items ?? []).filter(
    (order, index) => trails.test(order.type ?? '') || trailingOrder.test(raw?.orders[index] ?? ''),
  );
  const byPosition = (positions?.items ?? []).filter((_one, index) =>
    trailingStop.test(raw?.positions[index] ?? ''),
  );
  return new Set([...byOrder, ...byPosition].map(placeKey));
}
