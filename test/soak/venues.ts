/** Any number of trading days at an exchange under faults, through the real client of ccxt. */
import { parseArgs } from 'node:util';
import { proveDay } from '../venues/day/proven-day.ts';
import { isDayExchange } from '../venues/day/trading-day.ts';

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      exchange: { type: 'string', default: 'bybit' },
      hedge: { type: 'boolean', default: false },
    },
  });
  const [first, seeds] = [Number(values.seed), Number(values.seeds)];
  if (![first, seeds].every((value) => Number.isSafeInteger(value) && value >= 1)) {
    console.error('--seed and --seeds are whole numbers > 0');
    return 2;
  }
  const { exchange, hedge } = values;
  if (!isDayExchange(exchange)) {
    console.error('--exchange is bybit or binanceusdm');
    return 2;
  }
  const start = performance.now();
  const failed: number[] = [];
  const sums = { fills: 0, faults: 0, gaps: 0 };
  for (let seed = first; seed < first + seeds; seed++) {
    try {
      const { fills, faults, gaps } = await proveDay(seed, exchange, hedge ? 'hedge' : 'net');
      sums.fills += fills;
      sums.faults += faults;
      sums.gaps += gaps;
    } catch (error) {
      failed.push(seed);
      console.error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const place = hedge ? `${exchange}, both legs,` : exchange;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const failures = failed.length === 0 ? 'none failed' : `failed: ${failed.join(', ')}`;
  console.log(
    `venues: ${seeds} days at ${place} from seed ${first}, ${sums.fills} fills, ` +
      `${sums.faults} faults, ${sums.gaps} gaps named and closed, ${failures}, ${seconds} seconds`,
  );
  return failed.length === 0 ? 0 : 1;
}
