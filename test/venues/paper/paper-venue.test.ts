/** The paper exchange behind the venue port. */
import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { CashFact, Fact, Fill } from '../../../src/model/fact.ts';
import { factLine } from '../../../src/model/write-fact.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import type { MarketEvent } from '../../../src/venues/paper/paper-exchange.ts';
import { PaperVenue } from '../../../src/venues/paper/paper-venue.ts';
import { factOf } from '../../../src/venues/paper/told-facts.ts';
import type { Answer, FactPage, OrderRequest, VenueEvent } from '../../../src/venues/venue.ts';
import { at, fees, linear, optionsOf } from './paper-kit.ts';

function opened() {
  const options = optionsOf({ fees: fees('0', '0.0005') });
  const exchange = openPaperExchange(options);
  const told: Fact[] = [];
  exchange.listen((event) => {
    const fact = factOf(event);
    if (fact !== null) told.push(fact);
  });
  return { exchange, told, venue: new PaperVenue(exchange, options) };
}

const touch = (seconds: number): MarketEvent => ({
  ...{ kind: 'touch', instrument: linear.name, at: at(seconds) },
  ...{ bid: decimal('100'), bidSize: decimal('5000'), ask: decimal('101') },
  askSize: decimal('5000'),
});

const market = (id: string): OrderRequest => ({
  ...{ clientOrderId: id, instrument: linear.name, leg: 'net', side: 'buy', type: 'market' },
  ...{ quantity: decimal('1'), price: null, timeInForce: 'ioc', reduceOnly: false },
  trigger: null,
});

const said = <T>(answer: Answer<T>): T => {
  if (answer.status !== 'answered') throw new Error(answer.status);
  return answer.value;
};

test('PX23 every message is text from which the same fact is read again', async () => {
  const { exchange, venue, told } = opened();
  expect(venue.capabilities).toMatchObject({ mode: 'paper', trading: true });
  const abort = new AbortController();
  const events = venue.events(abort.signal);
  exchange.deposit('USDT', decimal('1000'));
  exchange.advance(touch(1));
  await venue.place(market('c1'));
  exchange.bust(exchange.fills()[0]!.executionId);
  const heard: VenueEvent[] = [];
  for await (const event of events) {
    heard.push(event);
    if (heard.length === told.length + 2) abort.abort();
  }
  expect(heard.slice(0, 2).map(({ kind }) => kind)).toEqual(['gap', 'connected']);
  const facts = heard.flatMap((event) => {
    if (event.kind !== 'message') return [];
    const { facts: read, faults } = venue.interpret(event.stream, event.raw);
    expect(faults).toEqual([]);
    return read;
  });
  expect(facts.map(factLine)).toEqual(told.map(factLine));
  expect(facts.map(({ kind }) => kind)).toEqual(['deposit', 'order', 'order', 'fill', 'bust']);
  expect(venue.interpret('account', '{"kind":"fill"}').faults.length).toBeGreaterThan(0);
  expect(venue.interpret('other', '{}').faults.length).toBe(1);
});

test('PX23 pages follow one another without a gap or a repetition', async () => {
  const { exchange, venue } = opened();
  exchange.deposit('USDT', decimal('1000000'));
  for (let n = 1; n <= 2300; n++) {
    exchange.advance(touch(n));
    exchange.submit(market(`c${n}`));
  }
  const ids: string[] = [];
  const sizes: number[] = [];
  let page: FactPage<Fill> = said(await venue.executions(null, null));
  for (;;) {
    ids.push(...page.facts.map(({ executionId }) => executionId));
    sizes.push(page.facts.length);
    if (!page.more) break;
    page = said(await venue.executions(page.cursor, null));
  }
  expect(sizes).toEqual([1000, 1000, 300]);
  expect(ids).toEqual(exchange.fills().map(({ executionId }) => executionId));
  expect(page.through).toBe(exchange.now());
  exchange.advance(touch(2301));
  exchange.submit(market('more'));
  expect(said(await venue.executions(page.cursor, null)).facts.length).toBe(1);
  const late = said(await venue.executions(null, at(2299)));
  expect(late.facts.length).toBe(3);
  const flows: FactPage<CashFact> = said(await venue.cashFlows(null, null));
  expect(flows.facts.map(({ kind }) => kind)).toEqual(['deposit']);
  expect(await venue.executions('x', null)).toMatchObject({ code: 'cursor-unknown' });
});

test('PX23 what it answers is what the exchange says', async () => {
  const { exchange, venue } = opened();
  exchange.deposit('USDT', decimal('1000'));
  exchange.advance(touch(1));
  expect(said(await venue.ticker(linear.name))).toMatchObject({
    bid: decimal('100'),
    last: null,
  });
  expect(await venue.ticker('X/Y')).toMatchObject({ status: 'refused' });
  const resting = {
    ...market('c1'),
    type: 'limit',
    price: decimal('99'),
    timeInForce: 'gtc',
  } as const;
  const placed = await venue.place(resting);
  expect(placed.status).toBe('accepted');
  const reference = { instrument: linear.name, orderId: null, clientOrderId: 'c1' };
  expect(await venue.amend(reference, { price: decimal('98') })).toMatchObject({
    status: 'accepted',
  });
  expect(said(await venue.order(reference))).toMatchObject({ price: decimal('98') });
  expect(said(await venue.statement()).orders!.items.length).toBe(1);
  expect(await venue.cancel(reference)).toMatchObject({ status: 'accepted' });
  expect(said(await venue.order({ ...reference, clientOrderId: 'none' }))).toBeNull();
  expect(said(await venue.instruments()).map(({ name }) => name)).toContain(linear.name);
  await venue.close();
});
