/** The curve of an account's equity: what was recorded, as it is now, and what came and went. */
import { equals, multiply, negate } from '../../../decimal/decimal.ts';
import { decimalOrNull, toText, toTextOrNull } from '../../../decimal/text.ts';
import type { BookedFact } from '../../../model/entry.ts';
import type { CashFact } from '../../../model/fact.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { PerformancePoint } from '../../../report/performance-document.ts';
import type { Account } from '../../../store/accounts.ts';
import type { BookFile } from '../../../store/book-file.ts';
import { isOfSource } from '../../checks-on-record.ts';
import { performanceHistory } from '../../performing.ts';
import type { BookReader } from '../../reading.ts';
import { lastSourceLook } from '../../source/source-checks.ts';
import type { EquityAnswer } from '../documents/equity.ts';
import {
  drawdownsOf,
  type EquityAt,
  type Flow,
  highestOf,
  type Life,
  pointsView,
} from '../views/equity-view.ts';
import { equitySeen } from './source-worth.ts';

export interface CurveAsked {
  readonly account: Account;
  readonly markMaxAgeMs: number;
  readonly limit: number;
  /** [from, to); null: open. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** It is not proven true now: the curve ends in a figure that may not stand. */
  readonly provisional: boolean;
  /** Times of which a whole check said that the account was true. */
  readonly proven: readonly Life[];
}

/** Transfers, the newest: more are no curve that anybody looks at. */
const shownMax = 1_000;

type Curve = Pick<EquityAnswer, 'from' | 'to' | 'points' | 'transfers' | 'maxDrawdownPercent'>;

export function curveOf(reader: BookReader, asked: CurveAsked): Curve {
  const { account, markMaxAgeMs, limit, provisional } = asked;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const { file } = reader;
  const look = isOfSource(file, account.account) ? lastSourceLook(file, account.account) : null;
  const total = decimalOrNull(equitySeen(file, account, look, view.equity).total);
  const now: EquityAt = { time: view.asOf, total, restated: total, provisional, corrected: false };
  const stated = performanceHistory(reader, account, limit)
    .filter(({ time }) => isIn(time, asked))
    .map((point) => recordedAt(file, point, asked));
  const isStated = stated.some(({ time }) => time >= now.time) || !isIn(now.time, asked);
  const points: readonly EquityAt[] = isStated ? stated : [...stated, now];
  const transfers = transfersOf(reader, account);
  const flows = transfers.map((one) => flowOf(one, account.currency));
  const drawdowns = drawdownsOf(points, flows);
  return {
    from: instantTextOrNull(asked.from ?? points[0]?.time ?? null),
    to: instantText(asked.to ?? now.time),
    points: pointsView(points, drawdowns),
    transfers: transfers
      .filter(({ fact }) => isIn(fact.time, asked))
      .slice(-shownMax)
      .map(({ fact }) => shown(fact)),
    maxDrawdownPercent: toTextOrNull(highestOf(drawdowns)),
  };
}

/** It was proven when it was stated, and what became known since did not change it. */
function recordedAt(
  file: BookFile,
  point: PerformancePoint,
  { account: { account }, proven }: CurveAsked,
): EquityAt {
  const { total, restated, sequence } = point;
  const corrected = total !== null && restated !== null && !equals(total, restated);
  const at = file.recordedAt(account, sequence) ?? point.time;
  const wasTrue = proven.some(({ from, to }) => from <= at && (to === null || at < to));
  return { ...point, provisional: corrected || !wasTrue, corrected };
}

const isIn = (time: Instant, { from, to }: CurveAsked): boolean =>
  (from === null || time >= from) && (to === null || time < to);

interface Transfer {
  readonly fact: CashFact;
  readonly rates: BookedFact['rates'];
}

const kinds = ['deposit', 'withdrawal', 'transfer'] as const;

/** Money that came from elsewhere or went there, and is booked. */
function transfersOf(reader: BookReader, account: Account): readonly Transfer[] {
  return kinds
    .flatMap((kind) => reader.file.entriesOfKind(account.account, kind))
    .flatMap((row) => {
      const booked = reader.inForce(account, row);
      if (booked === null) return [];
      const fact = booked.fact as CashFact;
      return fact.state === 'booked' ? [{ fact, rates: booked.rates }] : [];
    })
    .sort((a, b) => Number(a.fact.time - b.fact.time));
}

const signed = ({ kind, amount }: CashFact) => (kind === 'withdrawal' ? negate(amount) : amount);

/** In the reporting currency, at the rate that was booked with it. */
function flowOf({ fact, rates }: Transfer, currency: string): Flow {
  const amount = signed(fact);
  if (fact.currency === currency) return { time: fact.time, value: amount };
  const rate = rates.find((one) => one.currency === fact.currency);
  return { time: fact.time, value: rate === undefined ? null : multiply(amount, rate.price) };
}

const shown = (fact: CashFact): EquityAnswer['transfers'][number] => ({
  ...{ time: instantText(fact.time), kind: fact.kind },
  ...{ amount: toText(signed(fact)), currency: fact.currency },
});
