/** `paper` as one call: from what was asked for, in words, to the run and its verdict. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Decimal, isPositive } from '../../decimal/decimal.ts';
import { decimal, decimalFaultText, parseDecimal } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';
import { accepted, type Result, refused } from '../../model/result.ts';
import type { PaperState } from '../../report/paper-document.ts';
import { parseDuration } from '../duration.ts';
import { runnersOf } from './load-strategy.ts';
import { PaperRefused } from './paper-refused.ts';
import { paperVenue, runPaper } from './paper-run.ts';
import { instrumentOf, type Recorded, readFunding, readRecorded } from './recorded-data.ts';

/** Options as they were written; absent where nobody did. */
export interface PaperRequest {
  readonly data: readonly string[];
  readonly strategy: readonly string[];
  readonly parameter?: readonly string[];
  readonly capital: string;
  readonly instrument?: readonly string[];
  readonly seed: string;
  readonly latency: string;
  readonly fees: string;
  readonly tick: string;
  readonly lot: string;
  readonly minNotional?: string;
  readonly warmUp: string;
  readonly positionLimit: string;
  readonly leverage: string;
  readonly bar: string;
  readonly funding?: string;
}

export interface PaperPlace {
  /** Where the book is to stay; null: nowhere. */
  readonly book: string | null;
  readonly account: string;
  readonly markMaxAgeMs: number;
  readonly programVersion: string;
  readonly onProgress: (progress: { readonly at: Instant; readonly events: number }) => void;
}

/** Runs it in a book of its own; a kept one must not be there yet. */
export async function paper(request: PaperRequest, place: PaperPlace): Promise<Result<PaperState>> {
  const { book } = place;
  if (book !== null && existsSync(book)) {
    return refused(bad('--book', book, `${book} is there already`, 'name a file that is not yet'));
  }
  const folder = book === null ? mkdtempSync(join(tmpdir(), 'trueup-paper-')) : null;
  try {
    const { seed, latency, leverage, warmUp } = request;
    const { data, instruments, currency } = marketsOf(request);
    const first = instruments[0]!.name;
    const ran = await runPaper({
      ...{ data, instruments, currency },
      ...{ account: place.account, markMaxAgeMs: place.markMaxAgeMs },
      ...{ programVersion: place.programVersion, onProgress: place.onProgress },
      path: book ?? join(folder!, 'paper.db'),
      funding: request.funding === undefined ? [] : readFunding(request.funding, first),
      runners: await runnersOf(request.strategy, request.parameter ?? []),
      capital: positive('--capital', request.capital),
      seed: count('--seed', seed),
      latencyMs: count('--latency', latency.replace(/ms$/, '')),
      fees: feesOf(request.fees),
      minNotional:
        request.minNotional === undefined ? null : positive('--min-notional', request.minNotional),
      warmUpBars: count('--warm-up', warmUp),
      positionMax: positive('--position-limit', request.positionLimit),
      barMs: duration('--bar', request.bar),
      leverageMax: count('--leverage', leverage, 1),
    });
    return ran.ok ? accepted({ ...ran.value, keptAt: book }) : ran;
  } catch (error) {
    if (error instanceof PaperRefused) return refused(error.refusal);
    throw error;
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Markets {
  readonly data: readonly Recorded[];
  readonly instruments: readonly Instrument[];
  readonly currency: string;
}

function marketsOf({ data: paths, instrument: names = [], tick, lot }: PaperRequest): Markets {
  const steps = { tickSize: positive('--tick', tick), lotSize: positive('--lot', lot) };
  const instruments = paths.map((path, index): Instrument => {
    const name = names[index] ?? instrumentOf(path);
    const found = name === null ? null : instrumentFromName(paperVenue, name);
    if (found !== null) return { ...found, ...steps };
    const hint = 'name it as BTC/USDT (spot), BTC/USDT:USDT (linear) or BTC/USD:BTC (inverse)';
    const message =
      name === null ? `${path} does not say of what it is` : `${name} is no instrument`;
    throw new PaperRefused(bad('--instrument', name ?? path, message, hint));
  });
  const settles = new Set(instruments.map(({ settle }) => settle));
  if (settles.size > 1) {
    const message = `the data settles in ${[...settles].join(' and ')}`;
    const hint = 'run what settles in one currency: the capital is in it';
    throw new PaperRefused(bad('--data', [...settles].join(), message, hint));
  }
  const traded = instruments.map(({ type, name, base }) => (type === 'spot' ? base : name));
  const twice = traded.find((one, index) => traded.indexOf(one) < index);
  if (twice !== undefined) {
    const hint = 'give one file for each instrument';
    throw new PaperRefused(bad('--data', twice, `two files are of ${twice}`, hint));
  }
  const digits = steps.tickSize.scale;
  const data = paths.map((path, index) => readRecorded(path, instruments[index]!.name, digits));
  return { data, instruments, currency: instruments[0]!.settle };
}

function feesOf(text: string) {
  const [maker, taker, ...others] = text.split(',').map((part) => parseDecimal(part.trim()));
  const most = decimal('0.1');
  const isFee = (value: Decimal) =>
    compare(value, most) <= 0 && compare(value, decimal('-0.1')) >= 0;
  if (maker?.ok && taker?.ok && others.length === 0 && isFee(maker.value) && isFee(taker.value)) {
    return { maker: maker.value, taker: taker.value, in: 'quote' as const };
  }
  const hint = 'write shares of the value, maker first, such as 0.0002,0.00055';
  throw new PaperRefused(bad('--fees', text, `${text} are no fees`, hint));
}

function positive(option: string, text: string): Decimal {
  const parsed = parseDecimal(text);
  if (parsed.ok && isPositive(parsed.value)) return parsed.value;
  const why = parsed.ok ? 'is not greater than 0' : decimalFaultText[parsed.fault];
  throw new PaperRefused(bad(option, text, `${option} ${text} ${why}`, 'write such as 0.001'));
}

function count(option: string, text: string, least = 0): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  const hint = `write a whole number from ${least}`;
  throw new PaperRefused(bad(option, text, `${option} ${text} is no number of that kind`, hint));
}

function duration(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null && ms >= 1000) return ms;
  const hint = 'write such as 1m, and a second at least';
  throw new PaperRefused(bad(option, text, `${option} ${text} is no length of a bar`, hint));
}

const bad = (field: string, value: string, message: string, hint: string) => ({
  code: 'paper-option-bad',
  message,
  where: { field, value },
  rule: 'a run on paper is asked for as its --help says',
  hint,
});
