/** How benches measure: warmed up, candidates in turn, the median of several rounds. */
export interface Candidate {
  readonly name: string;
  /** Does the work once; what it returns is kept, so that the work cannot be optimised away. */
  readonly run: () => unknown;
}

export interface Measured {
  readonly name: string;
  /** Median nanoseconds of one unit of work. */
  readonly nanoseconds: number;
  /** How fast it was beside the first candidate in the same round: the median of all rounds. */
  readonly ratio: number;
}

/** Work on a disk: each round is prepared untimed, and may be asynchronous. */
export interface Trial {
  readonly name: string;
  /** Makes what the round works on; what it returns does the work. */
  readonly prepare: () => () => unknown;
}

let kept: unknown;

/** What the last run returned. */
export const lastResult = (): unknown => kept;

/**
 * Times every candidate, `units` of work a run, `rounds` rounds after two to warm up. It counts
 * the processor time of this thread, of which other processes take less than of the clock's.
 */
export function measure(
  candidates: readonly Candidate[],
  units: number,
  rounds: number,
): Measured[] {
  const times = candidates.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, candidate] of candidates.entries()) {
      const start = process.threadCpuUsage();
      kept = candidate.run();
      const { user, system } = process.threadCpuUsage(start);
      const took = (user + system) * 1000;
      if (round >= 0) times[index]!.push(took / units);
    }
  }
  return measuredOf(
    candidates.map(({ name }) => name),
    times,
  );
}

/**
 * Times every trial in turn, forwards and backwards, after `warmUps` rounds that do not count: by
 * the clock, which includes the disk and whatever else runs, and by this thread's processor time.
 */
export async function measureInTurn(
  trials: readonly Trial[],
  units: number,
  rounds: number,
  warmUps = 2,
): Promise<TimedTwice> {
  const clock = trials.map((): number[] => []);
  const processor = trials.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round++) {
    const order = [...trials.entries()];
    for (const [index, trial] of round % 2 === 0 ? order : order.reverse()) {
      const work = trial.prepare();
      const start = process.hrtime.bigint();
      const used = process.threadCpuUsage();
      kept = await work();
      const { user, system } = process.threadCpuUsage(used);
      const took = Number(process.hrtime.bigint() - start);
      if (round < 0) continue;
      clock[index]!.push(took / units);
      processor[index]!.push(((user + system) * 1000) / units);
    }
  }
  const names = trials.map(({ name }) => name);
  return { clock: measuredOf(names, clock), processor: measuredOf(names, processor) };
}

export interface TimedTwice {
  readonly clock: readonly Measured[];
  readonly processor: readonly Measured[];
}

export function print({ clock, processor }: TimedTwice, unit: string): void {
  console.log('  by the clock');
  for (const line of linesOf(clock, unit)) console.log(line);
  console.log('  processor time');
  for (const line of linesOf(processor, unit)) console.log(line);
}

const measuredOf = (names: readonly string[], times: readonly number[][]): Measured[] =>
  names.map((name, index) => ({
    name,
    nanoseconds: median(times[index]!),
    ratio: median(times[index]!.map((time, round) => times[0]![round]! / time)),
  }));

export interface Elapsed {
  readonly clockMs: number;
  /** Of this thread: other processes take less of it than of the clock's. */
  readonly processorMs: number;
}

/** Begins now; what it returns says how long that was ago. */
export function stopwatch(): () => Elapsed {
  const start = process.hrtime.bigint();
  const used = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(used);
    const clockMs = Number(process.hrtime.bigint() - start) / 1e6;
    return { clockMs, processorMs: (user + system) / 1000 };
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that `share` of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** One line a candidate: nanoseconds, how many a second, and how fast beside the first. */
export function linesOf(measured: readonly Measured[], unit = ''): string[] {
  return measured.map(({ name, nanoseconds, ratio }) => {
    const speed = `${Math.round(1e9 / nanoseconds).toLocaleString('en')}${unit}/s`;
    const ns = `${nanoseconds.toFixed(1)} ns`;
    const beside = `x${ratio.toFixed(2)}`.padStart(9);
    return `  ${name.padEnd(44)}${ns.padStart(14)}${speed.padStart(20)}${beside}`;
  });
}

/** Frees what nothing holds, to measure what is held. */
export async function collectGarbage(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let i = 0; i < 3; i++) collect();
}
