/**
 * The newest prices of a bot's rows, written without anything else of them: a row whose price is
 * not known, or whose instrument is not certain, is left as it is.
 */
import {
  type Decimal,
  equals,
  multiply,
  negate,
  stripped,
  subtract,
} from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type {
  PositionChange,
  PositionSnapshot,
  StoredPosition,
} from '../../model/position-source.ts';
import { Symbols } from '../../reconcile/positions/symbols.ts';
import { whoseIs } from '../../reconcile/positions/whose-rows.ts';
import type { PositionSource, PositionsWritten } from '../../sources/position-source.ts';
import type { Venue } from '../../venues/venue.ts';
import { listedAt, type Quote, type QuoteOptions, quotesOf } from './venue-prices.ts';

export interface PricedVenue {
  readonly venue: Pick<Venue, 'name' | 'account' | 'ticker' | 'instruments'>;
  /** What rows may call it beside its name. */
  readonly exchange: string;
}

export interface RowLeft {
  readonly row: StoredPosition;
  readonly why: string;
}

export interface RowsPriced {
  /** Rows that got a newer price. */
  readonly written: readonly PositionChange[];
  /** Rows whose price is what the venue tells. */
  readonly same: number;
  readonly left: readonly RowLeft[];
  readonly source: Pick<PositionsWritten, 'audit' | 'backup'>;
}

export async function refreshRows(
  source: PositionSource,
  at: PricedVenue,
  options: QuoteOptions & { readonly dryRun: boolean },
): Promise<RowsPriced> {
  const listed = await listedAt(at.venue, options);
  const meaning = (snapshot: PositionSnapshot) => meant(snapshot, at, listed, options.clock.now());
  const names = meaning(await source.snapshot()).flatMap(({ instrument }) => instrument ?? []);
  const quotes = await quotesOf(
    at.venue,
    names.map(({ name }) => name),
    options,
  );
  let priced: Omit<RowsPriced, 'source'> = { written: [], same: 0, left: [] };
  const decide = (snapshot: PositionSnapshot) => {
    priced = pricedRows(meaning(snapshot), quotes, snapshot.keeps);
    const { written: changes } = priced;
    if (changes.length === 0) return null;
    const why = `prices of ${at.venue.name}`;
    return { why, at: options.clock.now(), changes, additions: [], trades: [], orders: [] };
  };
  if (options.dryRun) {
    await source.rehearse(decide);
    return { ...priced, source: { audit: null, backup: null } };
  }
  const { audit, backup } = await source.write(decide);
  return { ...priced, source: { audit, backup } };
}

const later: Quote = { ok: false, why: 'it came since the prices were asked for' };

interface Meant {
  readonly row: StoredPosition;
  /** Null: it is not certain, or not of this venue. */
  readonly instrument: Instrument | null;
  readonly why: string;
}

/** Which instrument each active row is, by nothing but what it says and what the venue lists. */
function meant(
  { positions, orders, takenAt, keeps }: PositionSnapshot,
  { venue, exchange }: PricedVenue,
  listed: readonly Instrument[],
  now: Instant,
): readonly Meant[] {
  const instruments = new Map(listed.map((one) => [one.name, one]));
  const nothing = { positions: null, balances: null, orders: null, executions: null };
  const statement = {
    ...{ account: venue.account, venue: venue.name, asOf: now, takenAt, ...nothing },
    cashFlows: null,
  };
  const truth = { statement, fills: [], fillsCompleteSince: null, instruments };
  const symbols = new Symbols(venue.name, truth, orders);
  const own = { account: venue.account, names: [venue.name, exchange] };
  const isKept = keeps.columns.has('current-price');
  return positions
    .filter(({ status }) => status === 'active')
    .map((row): Meant => {
      if (whoseIs(row.exchange, { asked: [own], others: [] }).kind !== 'one') {
        return { row, instrument: null, why: `it is of ${row.exchange}` };
      }
      if (!isKept) return { row, instrument: null, why: 'its schema keeps no price' };
      const found = symbols.find(row);
      if (found.kind === 'one') {
        const isListed = instruments.has(found.instrument.name);
        const why = isListed ? '' : `${venue.name} lists no ${row.symbol}`;
        return { row, instrument: isListed ? found.instrument : null, why };
      }
      return { row, instrument: null, why: found.why };
    });
}

function pricedRows(
  rows: readonly Meant[],
  quotes: ReadonlyMap<string, Quote>,
  keeps: PositionSnapshot['keeps'],
): Omit<RowsPriced, 'source'> {
  const written: PositionChange[] = [];
  const left: RowLeft[] = [];
  let same = 0;
  for (const { row, instrument, why } of rows) {
    if (instrument === null) {
      left.push({ row, why });
      continue;
    }
    const quote = quotes.get(instrument.name) ?? later;
    if (!quote.ok) {
      left.push({ row, why: quote.why });
    } else if (row.currentPrice !== null && equals(row.currentPrice, quote.price)) same += 1;
    else written.push(changeOf(row, instrument, quote.price, keeps));
  }
  return { written, same, left };
}

function changeOf(
  row: StoredPosition,
  instrument: Instrument,
  price: Decimal,
  { columns }: PositionSnapshot['keeps'],
): PositionChange {
  const { id, symbol, quantity, status, direction } = row;
  const kept = columns.has('unrealised-pnl');
  const unrealised = kept ? unrealisedOf(row, instrument, price) : null;
  return {
    ...{ id, symbol, expected: { quantity, status, direction }, currentPrice: price },
    ...(unrealised === null ? {} : { unrealisedPnl: unrealised }),
  };
}

/** Of what the row says it holds, at the price that it says was paid; null: it does not say. */
function unrealisedOf(
  { quantity, entryPrice, direction }: StoredPosition,
  { type, multiplier }: Instrument,
  price: Decimal,
): Decimal | null {
  if (quantity === null || entryPrice === null || direction === null || type === 'inverse') {
    return null;
  }
  const gained = multiply(multiply(quantity, multiplier), subtract(price, entryPrice));
  return stripped(direction === 'short' ? negate(gained) : gained);
}
