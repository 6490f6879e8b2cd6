/** Scripts nobody would think of: drawn from a seed, over all faults, until everything is quiet. */
import { Draws } from '../../src/venues/paper/random.ts';
import { type FaultScript, readFault } from './script.ts';
import { type FaultName, faultNames } from './table.ts';

export interface RandomScript {
  readonly seed: number;
  /** From then on nothing goes wrong any more: what was missed can be found. */
  readonly untilMs: number;
  /** Unified symbols; two at least, for what happens to one of them. */
  readonly instruments: readonly string[];
  /** Which faults may be drawn (default: all but renames and a wrong clock, which never end). */
  readonly of?: readonly FaultName[];
  /** Whose requests (default: Bybit's). */
  readonly protocol?: keyof typeof paths;
}

/** Lists that a client reads to find what it missed, and requests that change something. */
const paths = {
  bybit: {
    lists: ['execution/list', 'position/list', 'order/realtime', 'transaction-log', 'wallet'],
    orders: ['order/create', 'order/cancel', 'order/amend'],
  },
  binance: {
    lists: ['userTrades', 'positionRisk', 'openOrders', 'income', 'v3/account'],
    orders: ['v1/order'],
  },
} as const;
const topics = ['execution', 'order', 'position', 'wallet'];

const lasting: readonly FaultName[] = ['rename', 'skew-clock'];

export function randomScript(random: RandomScript): FaultScript {
  const { seed, untilMs, instruments, of, protocol = 'bybit' } = random;
  const draws = new Draws(seed);
  const below = (n: number) => Math.floor(draws.next() * n);
  const one = <Item>(list: readonly Item[]): Item => list[below(list.length)]!;
  const names = of ?? faultNames.filter((name) => !lasting.includes(name));
  const count = 4 + below(9);
  const drawn = new Set(Array.from({ length: count }, () => one(names)));
  const faults = [...drawn].map((name) => {
    const own = parametersOf(name, { below, one, instruments, protocol });
    const read = readFault({ fault: name, ...own, when: whenOf(name, below, untilMs) }, name);
    if (Array.isArray(read)) throw new Error(read.join('; '));
    return read;
  });
  return { seed, faults };
}

interface Drawing {
  readonly below: (n: number) => number;
  readonly one: <Item>(list: readonly Item[]) => Item;
  readonly instruments: readonly string[];
  readonly protocol: keyof typeof paths;
}

function parametersOf(name: FaultName, drawing: Drawing): object {
  const { below, one, instruments, protocol } = drawing;
  const { lists, orders } = paths[protocol];
  const requests = [...lists, ...orders];
  const unanswered = { path: one(requests), executed: below(2) === 0 };
  const known: Partial<Record<FaultName, object>> = {
    drop: { topic: one(topics) },
    duplicate: { topic: one(topics), afterMs: below(2_000) },
    delay: { topic: one(topics), ms: below(1_000) },
    reorder: { topic: one(topics) },
    silence: { forMs: 100 + below(2_000) },
    close: { topic: one(topics), code: one([1000, 1001, 1006, 1011, 1012]) },
    'order-rate': { perSecond: 1 + below(4), forMs: 1_000 + below(60_000) },
    'rate-limit': { path: one(requests), status: one([200, 429]) },
    'server-error': { ...unanswered, status: one([500, 502, 503, 504]) },
    html: { ...unanswered, status: one([200, 502]) },
    'no-answer': unanswered,
    'cut-json': { path: one(requests) },
    'short-page': { path: one(lists), rows: below(3) },
    'empty-list': { path: one(lists) },
    stale: { path: one(lists), ageMs: below(3_000) },
    torn: { path: one(lists), ageMs: below(3_000) },
    'fill-before-cancel': { share: one(['0.1', '0.5', '1']) },
    bust: { afterMs: below(2_000) },
    deleverage: { share: one(['0.1', '0.5', '1']) },
    funding: { rate: one(['0.0001', '-0.0003']) },
    rename: { instrument: one(instruments), to: `RENAMED${below(1_000)}` },
    'skew-clock': { ms: below(8_000) - 4_000 },
    'third-coin-fees': { coin: 'BNB', rate: '600' },
    'omit-coin': { coin: one(['USDT', 'BTC', 'BNB']) },
  };
  return known[name] ?? {};
}

/** What ends connections is rarer than what loses frames; what holds from the start has no time. */
function whenOf(name: FaultName, below: (n: number) => number, untilMs: number): object {
  if (name === 'third-coin-fees' || name === 'wide-numbers') return {};
  if (['bust', 'liquidate', 'deleverage', 'funding'].includes(name))
    return { nth: 1 + below(40), untilMs };
  const isHard = name === 'close' || name === 'half-open' || name === 'silence';
  if (isHard) return { chance: 0.02, times: 3, untilMs };
  return { chance: (1 + below(20)) / 100, untilMs };
}
