/** Scores of a corpus, added up and printed. */

import { scoreOf } from './score.ts';
import type { Scored, Verdict } from './verdict.ts';

/** Hits among those that could be one. */
class Share {
  hits = 0;
  of = 0;

  add(hit: boolean | null): void {
    if (hit === null) return;
    this.of += 1;
    if (hit) this.hits += 1;
  }

  toString(): string {
    if (this.of === 0) return '-';
    const percent = (this.hits * 100) / this.of;
    const text = this.hits === this.of ? '100' : Math.min(percent, 99.99).toFixed(2);
    return `${text} % of ${this.of.toLocaleString('en')}`;
  }
}

export class Tally {
  readonly recall = new Share();
  readonly named = new Share();
  readonly repair = new Share();
  wrongProven = 0;
  falseBreaks = 0;
  readonly ms: number[] = [];
  /** Names of what went wrong, the first few. */
  readonly faults: string[] = [];

  add(one: Scored, verdict: Verdict): void {
    const score = scoreOf(one, verdict);
    this.recall.add(score.found);
    this.named.add(score.namedRight);
    this.repair.add(score.repairExact);
    if (score.wrongProven) this.wrongProven += 1;
    this.falseBreaks += score.falseBreaks;
    this.ms.push(verdict.ms);
    const wrong = [
      ...(score.found === false ? ['missed'] : []),
      ...(score.namedRight === false ? ['named wrong'] : []),
      ...(score.wrongProven ? ['proven wrongly'] : []),
      ...(score.repairExact === false ? ['repair not exact'] : []),
      ...(score.falseBreaks > 0 ? ['false break'] : []),
    ];
    if (wrong.length === 0) return;
    const label = one.label?.causes.map((codes) => codes.join('|')).join(', ') ?? 'nothing';
    this.faults.push(
      `${one.name}: ${wrong.join(', ')}; label ${label}; named ${[...verdict.named].join(', ')}`,
    );
  }
}

export const median = (values: readonly number[], share = 0.5): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

export type Rows = ReadonlyMap<string, Tally>;

export function tableOf(rows: Rows): string {
  const head = ['', ...rows.keys()];
  const all = [...rows.values()];
  const lines = [
    ['recall', ...all.map(({ recall }) => String(recall))],
    ['named set right', ...all.map(({ named }) => String(named))],
    ['wrong "proven"', ...all.map(({ wrongProven }) => String(wrongProven))],
    ['false breaks', ...all.map(({ falseBreaks }) => String(falseBreaks))],
    ['repair exact', ...all.map(({ repair }) => String(repair))],
    ['time of a check, median', ...all.map(({ ms }) => `${median(ms).toFixed(2)} ms`)],
    ['time of a check, 99 %', ...all.map(({ ms }) => `${median(ms, 0.99).toFixed(2)} ms`)],
  ];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}
