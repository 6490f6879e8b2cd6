/** Lines of a scenario that say what the books are then, each against the books themselves. */
import type { AccountFold } from '../../src/books/account-fold.ts';
import type { BookView, PositionView } from '../../src/books/book-view.ts';
import { type BridgeRow, bridge, bridgeRows } from '../../src/books/bridge.ts';
import { legKey } from '../../src/books/group.ts';
import type { Lot } from '../../src/books/holding.ts';
import type { CauseName } from '../../src/books/postings.ts';
import type { Statistics } from '../../src/books/statistics.ts';
import type { Decimal } from '../../src/decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { Instant } from '../../src/model/instant.ts';
import { poolOf } from './five-ways.ts';
import { legNames, secondsOf } from './scenario-facts.ts';
import type { Words } from './words.ts';

/** A place in a scenario where books are compared: after so many events. */
export interface Stop {
  readonly after: number;
  readonly asOf: Instant | null;
  readonly lines: readonly { readonly kind: string; readonly words: Words }[];
}

export interface Books {
  readonly fold: AccountFold;
  readonly view: BookView;
  /** The books at the stop before this one. */
  readonly before: BookView;
}

/** A name, what is expected of it, and what it is. */
type Claim = readonly [string, string, string];

/** Every difference as one sentence. */
export function faultsOf(stop: Stop, books: Books): readonly string[] {
  const faults = stop.lines.flatMap(({ kind, words }) => {
    const claims = claimsOf(kind, words, books);
    words.end();
    return claims
      .filter(([, expected, actual]) => expected !== actual)
      .map(([what, expected, actual]) => `line ${words.line}: ${what} ${actual}, not ${expected}`);
  });
  const { unexplained } = bridge(books.before, books.view);
  if (unexplained !== null && toText(unexplained) !== '0') {
    faults.push(`after event ${stop.after}: the bridge leaves ${toText(unexplained)} unexplained`);
  }
  return faults;
}

function claimsOf(kind: string, words: Words, books: Books): readonly Claim[] {
  const { view } = books;
  switch (kind) {
    case 'position':
      return positionClaims(words, books);
    case 'lifetime':
    case 'since':
      return statisticsClaims(words, positionOf(words, view)?.[kind]);
    case 'lots':
      return lotClaims(words, books);
    case 'balance': {
      const currency = words.next('currency');
      const balance = view.balances.find((one) => one.currency === currency);
      return [claim(`balance ${currency}`, words.next('total'), balance?.total ?? 'absent')];
    }
    case 'posting': {
      const name = words.next('posting') as CauseName;
      return [claim(name, words.next('amount'), view.postings[name])];
    }
    case 'realised':
      return [claim('realised', words.next('amount'), view.realisedPnl.gross)];
    case 'result':
      return named(words, { ...view.realisedPnl });
    case 'equity':
      return equityClaims(words, view);
    case 'unpriced':
      return [textClaim('unpriced', words, view.equity.unpriced.map(unpricedText).join(', '))];
    case 'rates':
      return [textClaim('rates', words, view.equity.rates.map(rateText).join(', '))];
    case 'bridge':
      return bridgeClaims(words, books);
    case 'incomplete': {
      const { incomplete } = bridge(books.before, view);
      return [textClaim('incomplete', words, incomplete.join(' '))];
    }
    default:
      throw new Error(`line ${words.line}: no event and no expectation is called "${kind}"`);
  }
}

const normal = (text: string): string => (/^-?\d/.test(text) ? toText(decimal(text)) : text);

function claim(what: string, expected: string, actual: Decimal | string | null): Claim {
  const text = typeof actual === 'string' ? actual : (toTextOrNull(actual) ?? 'unknown');
  return [what, normal(expected), text];
}

function textClaim(what: string, words: Words, actual: string): Claim {
  const expected = words.rest().join(' ');
  return [what, expected === 'none' ? '' : expected, actual];
}

/** `name value` pairs, each against the value of that name. */
function named(words: Words, values: Readonly<Record<string, Decimal | null>>): Claim[] {
  const claims: Claim[] = [];
  while (!words.isEmpty) {
    const name = words.next('name');
    if (!(name in values)) throw new Error(`line ${words.line}: what is "${name}"?`);
    claims.push(claim(name, words.next('value'), values[name]!));
  }
  return claims;
}

function positionOf(words: Words, view: BookView): PositionView | undefined {
  const name = words.next('coin or instrument');
  const leg = words.oneOf(legNames) ?? 'net';
  return view.positions.find((one) => (one.asset ?? one.instrument) === name && one.leg === leg);
}

/** `BTC 1.5 @ 100 cost 150 since 10`; `flat` and `absent` stand for a quantity. */
function positionClaims(words: Words, { view }: Books): readonly Claim[] {
  const position = positionOf(words, view);
  const quantity = words.next('quantity');
  if (position === undefined || quantity === 'absent') {
    words.rest();
    return [['position', quantity, position === undefined ? 'absent' : 'present']];
  }
  const average = words.after('@')?.[0];
  const since = words.after('since')?.[0];
  return [
    claim('quantity', quantity === 'flat' ? '0' : quantity, position.quantity),
    ...(average === undefined ? [] : [claim('average', average, position.averagePrice)]),
    ...(since === undefined
      ? []
      : [claim('since', since, position.openedAt === null ? null : secondsOf(position.openedAt))]),
    ...named(words, {
      cost: position.costBasis,
      gap: position.gap,
      unrealised: position.unrealisedPnl,
      'unknown-quantity': position.unknownQuantity,
    }),
  ];
}

/** `BTC realised 10 fees 0.1 USDT funding -1`; every fee is named, or `fees none`. */
function statisticsClaims(words: Words, statistics: Statistics | undefined): readonly Claim[] {
  if (statistics === undefined) return [['statistics', 'present', 'absent']];
  const claims: Claim[] = [];
  const realised = words.after('realised')?.[0];
  const actual = statistics.realisedUnknown ? null : statistics.realised;
  if (realised !== undefined) claims.push(claim('realised', realised, actual));
  const funding = words.after('funding')?.[0];
  if (funding !== undefined) claims.push(claim('funding', funding, statistics.funding));
  const [expected] = ['none', 'unknown'].filter((word) => words.oneOf([`fees-${word}`]) !== null);
  const stated = words.allAfter('fees', 2).map(([amount, currency]) => `${amount} ${currency}`);
  if (expected !== undefined || stated.length > 0) {
    const fees = statistics.fees.map((fee) => `${toText(fee.amount)} ${fee.currency}`);
    const known = fees.length === 0 ? 'none' : fees.sort().join(', ');
    const text = statistics.feesUnknown > 0 ? 'unknown' : known;
    claims.push(['fees', expected ?? stated.toSorted().join(', '), text]);
  }
  return claims;
}

function lotClaims(words: Words, { fold }: Books): readonly Claim[] {
  const name = words.next('coin or instrument');
  const leg = words.oneOf(legNames) ?? 'net';
  const legs = [...fold.groups()].flatMap((group) => [...group.state.legs]);
  const state = new Map(legs).get(legKey(name, leg)) ?? poolOf(fold, name);
  const lots = (state?.holding.lots ?? []).map(lotText).join(' ');
  return [textClaim('lots', words, lots)];
}

const lotText = ({ quantity, cost }: Lot): string =>
  `${toText(quantity)}=${toTextOrNull(cost) ?? 'unknown'}`;

function equityClaims(words: Words, { equity }: BookView): readonly Claim[] {
  return [
    claim('equity', words.next('total'), equity.total),
    ...named(words, {
      known: equity.known,
      cash: equity.cash,
      value: equity.positionsValue,
      unrealised: equity.unrealisedPnl,
    }),
  ];
}

const unpricedText = ({ what, quantity, why }: BookView['equity']['unpriced'][number]): string =>
  `${what} ${toText(quantity)} ${why}`;

const rateText = ({ currency, price, time }: BookView['equity']['rates'][number]): string =>
  `${currency} ${toText(price)} at ${secondsOf(time)}`;

/** Rows named on the line are as stated; `bridge only` says that all others are zero. */
function bridgeClaims(words: Words, { before, view }: Books): readonly Claim[] {
  const only = words.has('only');
  const { opening, closing, rows, unexplained } = bridge(before, view);
  const values: Record<string, Decimal | null> = { opening, closing, ...rows, unexplained };
  const claims = named(words, values);
  if (!only) return claims;
  const others = bridgeRows.filter((row) => !claims.some(([name]) => name === row));
  return [...claims, ...others.map((row: BridgeRow) => claim(row, '0', rows[row]))];
}
