/**
 * Lines that one cause set off together. An idea that sets several lines right takes more of a
 * coincidence than one that explains some of them and leaves the others: those are ruled out.
 */
import { lineId } from '../../model/break.ts';
import { fits, isFitting, type LineNames, type Tried } from './idea.ts';

/** A line, and every idea that was tried on it. */
export interface Looked {
  /** `heldId`. */
  readonly id: string;
  readonly tried: readonly Tried[];
}

export interface Together {
  readonly lines: LineNames;
  /** Those of one cause that set the most of them right. */
  readonly ideas: readonly BoundIdea[];
}

export interface BoundIdea {
  readonly lines: LineNames;
  readonly tried: readonly Tried[];
}

/** By line; what no idea binds is not in it. */
export function togetherOf(all: readonly Looked[]): ReadonlyMap<string, Together> {
  const byLine = new Map<string, BoundIdea[]>();
  for (const one of boundIdeas(all)) {
    for (const id of one.lines) byLine.set(id, [...(byLine.get(id) ?? []), one]);
  }
  const found = new Map<string, Together>();
  for (const id of byLine.keys()) {
    if (found.has(id)) continue;
    const together = growFrom(id, byLine);
    for (const line of together.lines) found.set(line, together);
  }
  return found;
}

/** One for each set of lines. */
function boundIdeas(all: readonly Looked[]): readonly BoundIdea[] {
  const bySet = new Map<string, { readonly lines: LineNames; readonly tried: Tried[] }>();
  for (const { tried } of all) {
    for (const one of tried) {
      const lines = isFitting(one) && one.reach?.binds === true ? one.reach.lines : null;
      if (lines === null) continue;
      const key = [...lines].sort().join('\t');
      const same = bySet.get(key);
      if (same === undefined) bySet.set(key, { lines, tried: [one] });
      else if (!same.tried.some((other) => isSame(other, one))) same.tried.push(one);
    }
  }
  return [...bySet.values()];
}

export const isSame = (a: Tried, b: Tried): boolean =>
  a.reason === b.reason && a.name === b.name && a.sentence === b.sentence;

function growFrom(start: string, byLine: ReadonlyMap<string, readonly BoundIdea[]>): Together {
  const lines = new Set([start]);
  const ideas = new Set<BoundIdea>();
  for (const id of lines) {
    const own = byLine.get(id) ?? [];
    for (const one of own) {
      if (own.some((other) => isMore(other, one))) continue;
      ideas.add(one);
      for (const line of one.lines) lines.add(line);
    }
  }
  return { lines, ideas: [...ideas] };
}

const isMore = (a: BoundIdea, b: BoundIdea): boolean =>
  a.lines.size > b.lines.size && [...b.lines].every((id) => a.lines.has(id));

/** Ideas that set the line right and leave none of its group. */
export function fittingIn(id: string, own: readonly Tried[], group: Together): readonly Tried[] {
  const best = group.ideas.filter(({ lines }) => lines.has(id)).flatMap(({ tried }) => tried);
  const kept = own.filter((one) => {
    const { reach } = one;
    if (reach === null) return group.lines.size === 1;
    if (reach.lines === null) return legsIn(group.lines) < 2;
    if (reach.binds) return best.some((other) => isSame(other, one));
    return [...group.lines].every((line) => reach.lines!.has(line));
  });
  return [...best.filter((one) => !own.some((other) => isSame(one, other))), ...kept];
}

const positions = lineId({ what: 'position', key: '', leg: null, instrument: null, detail: null });
const positionPrefix = positions.slice(0, 'position'.length + 1);

const legsIn = (lines: LineNames): number =>
  [...lines].filter((id) => id.startsWith(positionPrefix)).length;

/** The same idea, as one that leaves other lines as they are. */
export const leavesOthers = (one: Tried, group: Together, id: string): Tried => ({
  ...fits(one.reason, one.name, ''),
  residual: null,
  sentence: `${one.name}: it leaves ${namesOf(group, id)}, which differs by one cause with it`,
});

const namesOf = ({ lines }: Together, id: string): string =>
  [...lines]
    .filter((line) => line !== id)
    .map((line) => {
      const [, key, leg] = line.split('\n');
      return leg === '' || leg === 'net' ? key : `${key} ${leg}`;
    })
    .join(', ');
