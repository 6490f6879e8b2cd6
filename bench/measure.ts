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
}

let kept: unknown;

/** What the last run returned. */
export const lastResult = (): unknown => kept;

/** Times every candidate, `units` of work a run, `rounds` rounds after two to warm up. */
export function measure(
  candidates: readonly Candidate[],
  units: number,
  rounds: number,
): Measured[] {
  const times = candidates.map((): number[] => []);
  for (let round = -2; round < rounds; round++) {
    for (const [index, candidate] of candidates.entries()) {
      const start = process.hrtime.bigint();
      kept = candidate.run();
      const took = Number(process.hrtime.bigint() - start);
      if (round >= 0) times[index]!.push(took / units);
    }
  }
  return candidates.map(({ name }, index) => ({ name, nanoseconds: median(times[index]!) }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One line a candidate: nanoseconds, how many a second, and the ratio to the first. */
export function linesOf(measured: readonly Measured[]): string[] {
  const first = measured[0]!.nanoseconds;
  return measured.map(({ name, nanoseconds }) => {
    const speed = `${Math.round(1e9 / nanoseconds).toLocaleString('en')}/s`;
    const ratio = `x${(nanoseconds / first).toFixed(2)}`;
    const ns = `${nanoseconds.toFixed(1)} ns`;
    return `  ${name.padEnd(36)}${ns.padStart(12)}${speed.padStart(16)}${ratio.padStart(9)}`;
  });
}
