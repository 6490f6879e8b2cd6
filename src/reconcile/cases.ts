/**
 * Cases: lines that differ, grouped by the facts that may have made them. Facts and the lines they
 * touch are a graph, and every connected part of it that holds a difference is one case. Lines
 * that agree tie facts together too: a missing deposit and a missing withdrawal of one size leave
 * no trace in the balance, and are only right together.
 */
import { compareLines, lineId } from '../model/break.ts';
import type { BookSide } from './book-side.ts';
import type { Comparison } from './compare.ts';
import { type Gap, linesOfGap, type MissingFact, orderIdentity } from './gap.ts';
import { type ComparedLine, differs } from './judge.ts';
import { heldId, orderIdsOf, touchedBy } from './touch.ts';

export interface Case {
  readonly account: string;
  /** What differs, in the order of showing; facts only where nothing else does. */
  readonly lines: readonly ComparedLine[];
  /** Lines that the facts move, and the comparison says something about. */
  readonly touched: readonly ComparedLine[];
  readonly gaps: readonly Gap[];
  /** All that differs is young enough to clear by itself. */
  readonly settling: boolean;
}

export function casesOf(comparison: Comparison, book: BookSide): readonly Case[] {
  const groups = new Groups();
  const lines = new Map<string, ComparedLine>();
  const addLine = (line: ComparedLine): string => {
    const id = lineId(line);
    lines.set(id, line);
    groups.add(id);
    return id;
  };
  for (const line of comparison.lines) if (differs(line.verdict)) addLine(line);
  const orderLines = linesByOrder(comparison);
  const gapIds = comparison.gaps.map((gap) => {
    const [first] = linesOfGap(gap);
    const own = addLine(first!);
    for (const name of touchedBy(gap, book, comparison.asOf)) {
      const line = comparison.lineOf(heldId(name));
      // A line that nobody stated cannot tell whether two facts belong together.
      if (line !== undefined && line.theirs !== null) groups.join(own, addLine(line));
    }
    for (const line of linesOfGap(gap)) groups.join(own, addLine(line));
    for (const { instrument, orderId } of orderIdsOf(gap)) {
      for (const line of orderLines.get(orderIdentity(instrument, orderId)) ?? []) {
        groups.join(own, addLine(line));
      }
    }
    return own;
  });
  for (const gap of comparison.gaps) {
    for (const { line } of halvesOf(gap)) groups.join(lineId(linesOfGap(gap)[0]!), lineId(line));
  }
  const gapsOf = Map.groupBy(comparison.gaps, (_, index) => groups.rootOf(gapIds[index]!));
  return Array.from(
    Map.groupBy(lines.keys(), (id) => groups.rootOf(id)),
    ([root, ids]) =>
      caseOf(
        comparison.account,
        ids.map((id) => lines.get(id)!),
        gapsOf.get(root) ?? [],
      ),
  ).sort((a, b) => compareLines(a.lines[0]!, b.lines[0]!));
}

function caseOf(account: string, all: readonly ComparedLine[], gaps: readonly Gap[]): Case {
  const sorted = [...all].sort(compareLines);
  const isFact = ({ what }: ComparedLine): boolean => what === 'fill' || what === 'cash-flow';
  const held = sorted.filter((line) => !isFact(line));
  const different = held.filter((line) => line.value !== null || differs(line.verdict));
  const lines = different.length > 0 ? different : sorted.filter(isFact);
  return {
    account,
    lines,
    touched: held,
    gaps: [...gaps].sort((a, b) => compareLines(linesOfGap(a)[0]!, linesOfGap(b)[0]!)),
    settling: sorted.every((line) => line.verdict !== 'different'),
  };
}

/** As one, where one cause made the lines of all of them differ. */
export function joinedCase(cases: readonly Case[]): Case {
  const lines = new Map(cases.flatMap((one) => [...one.touched, ...one.lines]).map(named));
  const gaps = cases.flatMap((one) => one.gaps);
  return caseOf(cases[0]!.account, [...lines.values()], gaps);
}

const named = (line: ComparedLine) => [lineId(line), line] as const;

/** What is one fact with it, told differently: one case, whatever they touch. */
function halvesOf(gap: Gap): readonly MissingFact[] {
  if (gap.kind === 'superseded') return gap.missing;
  return gap.kind === 'extra' && gap.counterpart !== null ? [gap.counterpart] : [];
}

function linesByOrder(comparison: Comparison): ReadonlyMap<string, readonly ComparedLine[]> {
  if (comparison.gaps.length === 0) return new Map();
  const orders = comparison.lines.filter((line) => line.what === 'order');
  return Map.groupBy(orders, (line) => orderIdentity(line.instrument!, line.key));
}

/** Union-find over names. */
class Groups {
  readonly #parents = new Map<string, string>();

  add(id: string): void {
    if (!this.#parents.has(id)) this.#parents.set(id, id);
  }

  rootOf(id: string): string {
    let root = id;
    while (this.#parents.get(root) !== root) root = this.#parents.get(root)!;
    let at = id;
    while (at !== root) {
      const next = this.#parents.get(at)!;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }

  join(a: string, b: string): void {
    const [x, y] = [this.rootOf(a), this.rootOf(b)];
    if (x !== y) this.#parents.set(y, x);
  }
}
