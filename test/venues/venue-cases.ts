/** The cases of the conformance suite of venues. */
import { expect } from 'vitest';
import { isPositive, total } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { Fill, OrderReport, Side } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Answer, FactPage, OrderRequest, Venue, VenueEvent } from '../../src/venues/venue.ts';

export interface VenueWorld {
  readonly venue: Venue;
  /** What its streams are called. */
  readonly streams: readonly string[];
  /** A linear perpetual at 60000, of which a thousand is bid and offered. */
  readonly contract: string;
  /** A print: fills what rests at a better price. */
  trade(instrument: string, price: string, quantity: string, side: Side): void;
  /** Breaks the lines off instead of telling the next execution; null where there are none. */
  readonly cut: (() => void) | null;
  /** Before anything happened. */
  readonly since: Instant;
  close(): Promise<void>;
}

export type MakeVenue = () => Promise<VenueWorld>;

export interface VenueCase {
  readonly name: string;
  run(make: MakeVenue): Promise<void>;
}

const cases: VenueCase[] = [];
const scenario = (name: string, run: VenueCase['run']) => cases.push({ name, run });

export const value = <T>(answer: Answer<T>): T => {
  expect(answer).toMatchObject({ status: 'answered' });
  return (answer as { readonly value: T }).value;
};

let orders = 0;
const nextId = () => {
  orders += 1;
  return `client-${orders}`;
};
const request = (world: VenueWorld, more: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: nextId(),
  instrument: world.contract,
  leg: 'net',
  side: 'buy',
  type: 'market',
  quantity: decimal('0.1'),
  price: null,
  timeInForce: 'ioc',
  reduceOnly: false,
  trigger: null,
  ...more,
});

async function everything({ venue, since }: VenueWorld): Promise<readonly Fill[]> {
  const fills: Fill[] = [];
  let cursor: string | null = null;
  for (let more = true; more; ) {
    const page: FactPage<Fill> = value(await venue.executions(cursor, since));
    fills.push(...page.facts);
    cursor = page.cursor;
    more = page.more;
  }
  return fills;
}

const found = (order: Answer<OrderReport | null>): OrderReport => value(order)!;

scenario('CX32 instruments have names of their own, the contract is among them', async (make) => {
  const { venue, contract } = await make();
  const names = value(await venue.instruments()).map((one) => one.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(contract);
});

scenario('CX32 a statement is whole, and says what a market order made of it', async (make) => {
  const world = await make();
  const before = value(await world.venue.statement());
  expect(before.positions).toMatchObject({ complete: true, items: [] });
  expect(before.balances?.complete).toBe(true);
  const submitted = await world.venue.place(request(world));
  expect(submitted).toMatchObject({ status: 'accepted' });
  const after = value(await world.venue.statement());
  expect(after.positions?.items.map((one) => [one.instrument, toText(one.quantity)])).toEqual([
    [world.contract, '0.1'],
  ]);
  expect(after.executions?.items).toHaveLength(1);
});

scenario('CX32 executions since a cursor are all of them', async (make) => {
  const world = await make();
  for (const side of ['buy', 'sell', 'buy'] as const)
    await world.venue.place(request(world, { side }));
  const fills = await everything(world);
  expect(new Set(fills.map((fill) => fill.executionId)).size).toBe(3);
  expect(fills.every((fill) => fill.fees !== null && isPositive(fill.fees[0]!.amount))).toBe(true);
});

scenario('CX32 an order fills in part, is cancelled, and keeps what it filled', async (make) => {
  const world = await make();
  const { venue, contract } = world;
  const limit = { type: 'limit', price: decimal('59000'), timeInForce: 'gtc' } as const;
  const one = request(world, { ...limit, quantity: decimal('0.4') });
  const submitted = await venue.place(one);
  expect(submitted).toMatchObject({ status: 'accepted', clientOrderId: one.clientOrderId });
  world.trade(contract, '58999', '0.1', 'sell');
  const reference = { instrument: contract, orderId: null, clientOrderId: one.clientOrderId };
  const { orderId, status } = found(await venue.order(reference));
  expect(status).toBe('open');
  expect(value(await venue.statement()).orders?.items).toHaveLength(1);
  const open = value(await venue.openOrders());
  expect(open).toMatchObject({ complete: true, items: [{ orderId, status: 'open' }] });
  expect(await venue.cancel(reference)).toMatchObject({ status: 'accepted' });
  const ended = found(await venue.order(reference));
  expect([ended.status, toText(ended.filled!)]).toEqual(['cancelled', '0.1']);
  const fills = (await everything(world)).filter((fill) => fill.orderId === ended.orderId);
  expect(toText(total(fills.map((fill) => fill.quantity)))).toBe('0.1');
});

scenario('CX32 an order is amended, and one that would cross is not post-only', async (make) => {
  const world = await make();
  const { venue, contract } = world;
  const limit = { type: 'limit', price: decimal('59000'), timeInForce: 'post-only' } as const;
  const one = request(world, limit);
  await venue.place(one);
  const reference = { instrument: contract, orderId: null, clientOrderId: one.clientOrderId };
  await venue.amend(reference, { price: decimal('58000') });
  expect(toText(found(await venue.order(reference)).price!)).toBe('58000');
  const crossing = request(world, { ...limit, price: decimal('61000') });
  await venue.place(crossing);
  const ended = await venue.order({ ...reference, clientOrderId: crossing.clientOrderId });
  expect(await everything(world)).toEqual([]);
  if (ended.status === 'answered') expect(ended.value?.status).not.toBe('open');
});

scenario('CX32 an order that never was is null, and cannot be cancelled', async (make) => {
  const { venue, contract } = await make();
  const reference = { instrument: contract, orderId: null, clientOrderId: 'never' };
  expect(await venue.order(reference)).toEqual({ status: 'answered', value: null });
  expect(await venue.cancel(reference)).toMatchObject({ status: 'refused' });
});

scenario('CX32 the ticker has a bid below its ask', async (make) => {
  const { venue, contract } = await make();
  const ticker = value(await venue.ticker(contract));
  expect(Number(toText(ticker.bid!))).toBeLessThan(Number(toText(ticker.ask!)));
});

scenario('CX32 what is pushed reads as what is listed, and a break is a gap', async (make) => {
  const world = await make();
  const { venue, streams } = world;
  const abort = new AbortController();
  const seen: VenueEvent[] = [];
  const connected = () =>
    seen.filter(({ kind, stream }) => kind === 'connected' && streams.includes(stream)).length;
  const pushed = () =>
    seen.flatMap((event) =>
      event.kind === 'message' ? venue.interpret(event.stream, event.raw).facts : [],
    );
  const fills = () => pushed().filter((fact): fact is Fill => fact.kind === 'fill');
  let state: 'first' | 'second' | 'cut' = 'first';
  for await (const event of venue.events(abort.signal)) {
    seen.push(event);
    if (state === 'first' && connected() >= streams.length) {
      state = 'second';
      await venue.place(request(world));
    }
    if (state === 'second' && fills().length === 1) {
      state = 'cut';
      if (world.cut === null) abort.abort();
      else {
        world.cut();
        await venue.place(request(world, { side: 'sell' }));
      }
    }
    if (state === 'cut' && connected() >= 2 * streams.length) abort.abort();
  }
  expect(seen[0]).toMatchObject({ kind: 'gap', since: null });
  const gaps = seen.filter((event) => event.kind === 'gap' && event.since !== null);
  if (world.cut !== null) expect(gaps.length).toBeGreaterThan(0);
  const listed = await everything(world);
  // A list may leave out the label that we gave the order: Binance's does.
  const bare = (fill: Fill) => ({ ...fill, clientOrderId: null });
  expect(listed.slice(0, 1).map(bare)).toEqual(fills().map(bare));
  // The second went down with the line: only the gap says that something may be missing.
  if (world.cut !== null) expect(listed).toHaveLength(2);
});

export const venueCases: readonly VenueCase[] = cases;
