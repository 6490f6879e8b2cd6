/**
 * Cases that one idea links: a fill on the wrong leg leaves one leg short of what the other has too
 * much of. They are one case where the first idea of each is the same, and sets right the lines of
 * both; what fits one of them alone is told of that one. Two instruments that are off by one size
 * may be so by chance: they are linked by an idea that binds its lines, or not at all.
 */
import type { Statement } from '../model/statement.ts';
import { joinedCase } from './cases.ts';
import type { FoundByIds } from './found-by-ids.ts';
import type { Candidate } from './hypotheses/idea.ts';
import { type Idea, toldIdea } from './ideas.ts';
import { heldId } from './touch.ts';

export interface Linked {
  /** By their index, in order. */
  readonly indexes: readonly number[];
  readonly found: FoundByIds;
  readonly idea: Idea | null;
}

/** Every case, alone or linked, in the order of the first of each. */
export function linkedCases(
  all: readonly FoundByIds[],
  ideas: ReadonlyMap<FoundByIds, Idea>,
  statement: Statement,
): readonly Linked[] {
  const owners = new Map<string, number>();
  for (const [index, one] of all.entries()) {
    for (const { line } of ideas.get(one)?.lines ?? []) owners.set(heldId(line), index);
  }
  const taken = new Set<number>();
  return all.flatMap((found, index): Linked[] => {
    if (taken.has(index)) return [];
    const idea = ideas.get(found) ?? null;
    const reached = [...(idea?.weighed.candidates[0]?.reach?.lines ?? [])];
    const others = new Set(reached.flatMap((name) => owners.get(name) ?? []));
    const linked = [...others].filter((other) => {
      if (other === index || taken.has(other)) return false;
      return isLinked([found, idea!], [all[other]!, ideas.get(all[other]!)!]);
    });
    if (linked.length === 0) return [{ indexes: [index], found, idea }];
    for (const other of linked) taken.add(other);
    const indexes = [index, ...linked].sort((a, b) => a - b);
    const parts = indexes.map((at) => all[at]!);
    const told = parts.map((part) => ideas.get(part)!);
    return [{ indexes, found: joined(parts), idea: joinedIdea(told, statement) }];
  });
}

type Weighed = readonly [FoundByIds, Idea];

/** Of what ids told a part the rest is no case of its own. */
function isLinked([one, a]: Weighed, [other, b]: Weighed): boolean {
  if (one.found.length > 0 || other.found.length > 0) return false;
  const [first, second] = [a, b].map(({ weighed }) => weighed.candidates[0]);
  if (first === undefined || second === undefined || first.reason !== second.reason) return false;
  const keys = new Set([...a.lines, ...b.lines].map(({ line }) => line.key));
  const isSame = keys.size === 1 || (first.reach!.binds && second.reach?.binds === true);
  return isSame && reaches(first, b) && reaches(second, a);
}

const reaches = ({ reach }: Candidate, { lines }: Idea): boolean =>
  lines.every(({ line }) => reach?.lines?.has(heldId(line)) === true);

const joined = (parts: readonly FoundByIds[]): FoundByIds => ({
  one: joinedCase(parts.map(({ one }) => one)),
  found: [],
  residuals: parts.flatMap(({ residuals }) => residuals),
  rest: parts.flatMap(({ rest }) => rest),
  open: parts.flatMap(({ open }) => open),
  resolved: parts.every(({ resolved }) => resolved),
  explained: false,
});

/** The idea that links them first; what fits one of them says which. */
function joinedIdea(ideas: readonly Idea[], statement: Statement): Idea {
  const [first, ...others] = ideas.map(({ weighed }) => weighed.candidates[0]!);
  const evidence = [first!, ...others].flatMap((one) => one.evidence);
  const alone = ideas.flatMap(({ lines, weighed }) =>
    weighed.candidates.slice(1).map((one) => ({ one, of: nameOf(lines[0]!.line) })),
  );
  const byName = Map.groupBy(alone, ({ one }) => `${one.reason} ${one.name}`).values();
  const rest = Array.from(byName, (same): Candidate => {
    const isOfAll = same.length === ideas.length && isAlike(same.map(({ one }) => one.sentence));
    const each = same.map(({ one, of }) => `${one.sentence} (${of})`).join(' and ');
    const sentence = isOfAll ? same[0]!.one.sentence : each;
    return { ...same[0]!.one, sentence, evidence: same.flatMap(({ one }) => one.evidence) };
  });
  return toldIdea(
    ideas.flatMap(({ lines }) => lines),
    {
      candidates: [{ ...first!, evidence: [...new Set(evidence)] }, ...rest],
      ruledOut: ideas.flatMap(({ weighed }) => weighed.ruledOut),
      gaveUp: ideas.find(({ gaveUp }) => gaveUp !== null)?.gaveUp ?? null,
    },
    statement,
  );
}

const isAlike = (texts: readonly string[]): boolean => new Set(texts).size === 1;

const nameOf = ({ key, leg }: { readonly key: string; readonly leg: string | null }): string =>
  leg === null || leg === 'net' ? key : `${key} ${leg}`;
