/** The curve of an account's equity: what was recorded, as it is now, and what came and went. */
import { type Decimal, equals, multiply, negate } from '../../../decimal/decimal.ts';
import { decimalOrNull, toText, toTextOrNull } from '../../../decimal/text.ts';
import type { BookedFact } from '../../../model/entry.ts';
import type { CashFact } from '../../../model/fact.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { BookFile } from '../../../store/book-file.ts';
import { isOfSource } from '../../checks-on-record.ts';
import { isNeverBooked } from '../../never-booked.ts';
import { isInRange, type RecordRange, recordsStated, restatedTotals } from '../../performing.ts';
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
  type TotalAt,
} from '../views/equity-view.ts';
import { thinned } from '../views/thinned.ts';
import { equitySeen } from './source-worth.ts';

export interface CurveAsked extends RecordRange {
  readonly account: Account;
  readonly markMaxAgeMs: number;
  /** Points that are drawn, at most. */
  readonly limit: number;
  /** It is not proven true now: the curve ends in a figure that may not stand. */
  readonly provisional: boolean;
  /** Times of which a whole check said that the account was true. */
  readonly proven: readonly Life[];
}

/** Transfers, the newest: more are no curve that anybody looks at. */
const shownMax = 1_000;

type Curve = Omit<
  EquityAnswer,
  'schema' | 'account' | 'currency' | 'mode' | 'breakPeriods' | 'unresolvedGross'
>;

export function curveOf(reader: BookReader, asked: CurveAsked): Curve {
  const { account, markMaxAgeMs, limit, provisional } = asked;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const { file } = reader;
  const look = isOfSource(file, account.account) ? lastSourceLook(file, account.account) : null;
  const total = decimalOrNull(equitySeen(file, account, look, view.equity).total);
  const now: EquityAt = { time: view.asOf, total, restated: total, provisional, corrected: false };
  const records = recordsStated(reader, account).filter(({ time }) => isInRange(time, asked));
  const isUnknown = isNeverBooked(file, account);
  const stated = records.map(({ time, totalValue }) => ({
    ...{ time, total: isUnknown ? null : decimalOrNull(totalValue) },
  }));
  const isStated = stated.some(({ time }) => time >= now.time) || !isInRange(now.time, asked);
  const all: readonly TotalAt[] = isStated ? stated : [...stated, now];
  const transfers = transfersOf(reader, account);
  const flows = transfers.map((one) => flowOf(one, account.currency));
  // What was lost is of every record; how many of them are drawn is another question.
  const drawdowns = drawdownsOf(all, flows);
  const places = thinned(all, limit);
  const drawn = places.flatMap((place) => records[place] ?? []);
  const restated = isUnknown ? drawn.map(() => null) : restatedTotals(reader, account, drawn);
  const points: readonly EquityAt[] = places.map((place, index) => {
    const record = records[place];
    const { total } = all[place]!;
    return record === undefined
      ? now
      : recordedAt(file, { ...record, total, restated: restated[index]! }, asked);
  });
  return {
    // What is covered, and not what was asked for.
    from: instantTextOrNull(all[0]?.time ?? null),
    to: instantText(asked.to ?? now.time),
    records: records.length,
    points: pointsView(
      points,
      places.map((place) => drawdowns[place]!),
    ),
    transfers: transfers
      .filter(({ fact }) => isInRange(fact.time, asked))
      .slice(-shownMax)
      .map(({ fact }) => shown(fact)),
    maxDrawdownPercent: toTextOrNull(highestOf(drawdowns)),
  };
}

interface Restated {
  readonly sequence: number;
  readonly time: Instant;
  readonly total: Decimal | null;
  readonly restated: Decimal | null;
}

/** It was proven when it was stated, and what became known since did not change it. */
function recordedAt(
  file: BookFile,
  { sequence, time, total, restated }: Restated,
  { account: { account }, proven }: CurveAsked,
): EquityAt {
  const corrected = total !== null && restated !== null && !equals(total, restated);
  const at = file.recordedAt(account, sequence) ?? time;
  const wasTrue = proven.some(({ from, to }) => from <= at && (to === null || at < to));
  return { time, total, restated, provisional: corrected || !wasTrue, corrected };
}

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
