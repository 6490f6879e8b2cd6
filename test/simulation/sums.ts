/** What many seeds come to: a histogram of everything that happened in them. */
import type { Simulated } from './simulation.ts';
import { isFault, type StepKind } from './step.ts';

export class Sums {
  readonly #counts = new Map<StepKind | 'told', number>();
  readonly #verdicts = new Map<string, number>();
  #seeds = 0;
  #fills = 0;
  #crashes = 0;
  #ms = 0;

  add({ histogram, verdicts, fills, crashes, simulatedMs }: Simulated): void {
    for (const [kind, count] of histogram) {
      this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
    }
    for (const [verdict, count] of Object.entries(verdicts)) {
      this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + count);
    }
    this.#seeds += 1;
    this.#fills += fills;
    this.#crashes += crashes;
    this.#ms += simulatedMs;
  }

  text(): string {
    const sorted = [...this.#counts].toSorted(([, a], [, b]) => b - a);
    const most = sorted[0]?.[1] ?? 1;
    const bars = sorted.map(([kind, count]) => {
      const bar = '#'.repeat(
        Math.max(1, Math.round((40 * Math.log(count + 1)) / Math.log(most + 1))),
      );
      const what = kind !== 'told' && isFault(kind) ? 'fault' : '';
      return `${kind.padEnd(20)} ${what.padEnd(5)} ${String(count).padStart(9)} ${bar}`;
    });
    const verdicts = [...this.#verdicts].map(([verdict, count]) => `${count} ${verdict}`);
    const days = (this.#ms / 86_400_000).toFixed(1);
    return [
      ...bars,
      `${this.#seeds} seeds, ${days} simulated days, ${this.#fills} fills, ` +
        `${this.#crashes} crashes; checks said ${verdicts.join(', ')}`,
    ].join('\n');
  }
}
