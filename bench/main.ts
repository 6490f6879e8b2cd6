/**
 * `node bench/main.ts [name...] [--entries N] [--executions N]`: runs the named benches, all
 * without a name. `--entries`: how many the bench `open` makes; a million without it.
 * `--executions`: how many the backfill of the bench `venues` books; 30,000 without it.
 * `--minutes`: how long the bench `day` takes; ten without it.
 */
import { parseArgs } from 'node:util';

interface Options {
  readonly entries: number;
  readonly executions: number;
  readonly minutes: number;
}

type Bench = (options: Options) => Promise<void> | void;

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  decimal: async () => (await import('./decimal.ts')).run,
  record: async () => (await import('./record.ts')).run,
  durable: async () => (await import('./durable.ts')).run,
  positions: async () => (await import('./positions.ts')).run,
  equity: async () => (await import('./equity.ts')).run,
  fold: async () => (await import('./fold.ts')).run,
  open: async () => (await import('./open.ts')).run,
  compare: async () => (await import('./compare.ts')).run,
  check: async () => (await import('./check.ts')).run,
  explain: async () => (await import('./explain.ts')).run,
  gate: async () => (await import('./gate.ts')).run,
  'balance-call': async () => (await import('./balance-call.ts')).run,
  memory: async () => (await import('./memory.ts')).run,
  paper: async () => (await import('./paper.ts')).run,
  venues: async () => (await import('./venues/main.ts')).run,
  guard: async () => (await import('./guard.ts')).run,
  serve: async () => (await import('./serve/main.ts')).run,
  day: async () => (await import('./serve/day.ts')).run,
};

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: {
    entries: { type: 'string', default: '1000000' },
    executions: { type: 'string', default: '30000' },
    minutes: { type: 'string', default: '10' },
  },
});
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    const run = await benches[name]!();
    console.log(`${name} (Node ${process.version}, ${process.platform} ${process.arch})`);
    const { entries, executions, minutes } = values;
    await run({
      ...{ entries: Number(entries), executions: Number(executions), minutes: Number(minutes) },
    });
  }
}
