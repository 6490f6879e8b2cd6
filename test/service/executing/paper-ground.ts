/** Runs on paper in tests: made bars, an instrument with steps, an exchange to be hindered. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decimal } from '../../../src/decimal/text.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import { paperDocument } from '../../../src/report/paper-document.ts';
import { runnersOf } from '../../../src/service/executing/load-strategy.ts';
import type { PaperRunOptions } from '../../../src/service/executing/paper-options.ts';
import { runPaper } from '../../../src/service/executing/paper-run.ts';
import { readRecorded } from '../../../src/service/executing/recorded-data.ts';
import type { PaperExchange } from '../../../src/venues/paper/paper-exchange.ts';
import { exampleBars, type MadeBars, madeBars } from './made-bars.ts';

export const folder = mkdtempSync(join(tmpdir(), 'trueup-executing-'));

let files = 0;
export function written(name: string, text: string): string {
  files += 1;
  const path = join(mkdtempSync(join(folder, `${files}-`)), name);
  writeFileSync(path, text);
  return path;
}

export const four = ['ma-cross', 'rsi-reversion', 'bollinger-reversion', 'breakout'];
export const perpetual = 'ABC/USDT:USDT';

export const instrumentOf = (name: string): Instrument => ({
  ...instrumentFromName('paper', name)!,
  tickSize: decimal('0.01'),
  lotSize: decimal('0.001'),
});

export interface Asked extends Partial<Omit<PaperRunOptions, 'runners'>> {
  readonly name?: string;
  readonly bars?: Partial<MadeBars>;
  readonly csv?: string;
  readonly strategies?: readonly string[];
  readonly parameters?: readonly string[];
}

/** The run, what its exchange did, and its document. */
export async function ran(asked: Asked = {}) {
  const { name = perpetual, bars, csv, strategies = four, parameters = [], ...rest } = asked;
  const text = csv ?? madeBars({ ...exampleBars, ...bars });
  let exchange: PaperExchange | null = null;
  const instrument = instrumentOf(name);
  const result = await runPaper({
    data: [readRecorded(written('bars.csv', text), name, 2)],
    ...{ instruments: [instrument], funding: [], currency: instrument.settle },
    runners: await runnersOf(strategies, parameters),
    ...{ capital: decimal('10000'), seed: 1, latencyMs: 50 },
    fees: { maker: decimal('0.0002'), taker: decimal('0.00055'), in: 'quote' },
    ...{ minNotional: decimal('5'), warmUpBars: 0, positionMax: decimal('1') },
    ...{ barMs: 60_000, leverageMax: 5, account: 'paper', markMaxAgeMs: 86_400_000 },
    path: join(mkdtempSync(join(folder, 'book-')), 'paper.db'),
    ...rest,
    reached(opened) {
      exchange = rest.reached?.(opened) ?? opened;
      return exchange;
    },
  });
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  const document = paperDocument({ ...result.value, keptAt: null });
  return { state: result.value, document, exchange: exchange! as PaperExchange };
}

/** The exchange, but for what is put in its place. */
export const facing = (opened: PaperExchange, changes: Partial<PaperExchange>): PaperExchange =>
  new Proxy(opened, {
    get(of, key) {
      const value = Reflect.get(changes, key) ?? Reflect.get(of, key, of);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });

/** Notes of a code, over all strategies. */
export const noted = (
  notes: readonly { readonly code: string; readonly count: number }[],
  code: string,
): number => notes.filter((one) => one.code === code).reduce((sum, one) => sum + one.count, 0);
