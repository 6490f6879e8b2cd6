/**
 * The book beside a statement as pairs: what both say, and what only one of them does. Verdicts are
 * those of the comparison; here they are only put beside each other. Pure.
 */
import { type Break, lineId } from '../../../model/break.ts';
import { instantTextOrNull } from '../../../model/instant.ts';
import type { StatementSection } from '../../../model/statement.ts';
import { isComplete, whyNotProven } from '../../../reconcile/scope.ts';
import type { SectionTold, SideCounts, SidePair, SidesAnswer } from '../documents/sides.ts';
import { factPairs } from './side-facts.ts';
import { heldPairs, orderPairs } from './side-holdings.ts';
import type { ComparedSides, MadePair } from './side-pair.ts';

type State = SidePair['state'];

/** What has no partner first, then what differs; of equal rank by section, the newest first. */
export function sidePairs(sides: ComparedSides): readonly SidePair[] {
  const pairs = [...heldPairs(sides), ...orderPairs(sides), ...factPairs(sides)];
  const breakOf = breaksByLine(sides.breaks);
  return pairs
    .map((pair) => withBreak(pair, breakOf, sides.isNow))
    .map((pair) => ({ pair, rank: rankOf(pair), time: timeOf(pair) }))
    .sort((a, b) => a.rank - b.rank || (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
    .map(({ pair }) => pair);
}

const sections = ['balances', 'positions', 'orders', 'cashFlows', 'executions'] as const;
const states: readonly State[] = [
  ...(['different', 'unknown', 'settling', 'foreign', 'within-tolerance', 'equal'] as const),
];

function rankOf({ state, section, ours, theirs }: SidePair): number {
  const isAlone = state === 'different' && (ours === null || theirs === null);
  const rank = isAlone ? 0 : states.indexOf(state) + 1;
  return rank * sections.length + sections.indexOf(section);
}

/** Without its end: a second comes before its parts. */
const timeOf = ({ ours, theirs }: SidePair): string =>
  (ours?.time ?? theirs?.time ?? '').replace('Z', '');

export function countsOf(pairs: readonly SidePair[]): SideCounts {
  const counts = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  for (const { state } of pairs) counts[state] += 1;
  return counts;
}

type OpenBreaks = ReadonlyMap<string, Break>;

function breaksByLine(breaks: readonly Break[]): OpenBreaks {
  const byLine = new Map<string, Break>();
  for (const one of breaks) {
    for (const line of [...one.lines, ...one.facts]) byLine.set(lineId(line), one);
  }
  return byLine;
}

/** Red is what a check called a break, and nothing that it has not seen or still waits for. */
function withBreak({ lines, ...pair }: MadePair, breakOf: OpenBreaks, isNow: boolean): SidePair {
  if (pair.state !== 'different') return { ...pair, breakId: null };
  const one = lines.map((line) => breakOf.get(lineId(line))).find((found) => found !== undefined);
  if (one === undefined && isNow) {
    return { ...pair, state: 'settling', note: pair.note ?? unjudged, breakId: null };
  }
  const state = one?.state === 'SETTLING' ? 'settling' : pair.state;
  return { ...pair, state, breakId: one?.id ?? null };
}

const unjudged = 'no check has called it a break: the next one says';

const notKept =
  'not on record: of a check that says true what was told and is booked is not kept a second time';

/** What each section tells. `isOfVenue`: of a document, what is not there was not stated. */
export function sectionsTold(
  { statement }: ComparedSides,
  verdict: SidesAnswer['verdict'],
  isOfVenue: boolean,
): readonly SectionTold[] {
  return sections.map((name): SectionTold => {
    const one: StatementSection<unknown> | null = statement[name];
    const isDropped = verdict === 'true' && isOfVenue && isFactual(name);
    if (one === null) {
      const why = isDropped ? notKept : 'not stated';
      return { section: name, told: 'nothing', why, items: 0, from: null, to: null };
    }
    const isWhole = isComplete(one) && one.scope === null;
    const scope = one.scope === null ? null : `of ${one.scope.join(', ')} alone`;
    const why = isComplete(one) ? scope : whyNotProven(one);
    return {
      ...{ section: name, told: isWhole ? 'whole' : 'part', why, items: one.items.length },
      ...{ from: instantTextOrNull(one.from), to: instantTextOrNull(one.to) },
    };
  });
}

const isFactual = (name: SectionTold['section']): boolean =>
  name === 'executions' || name === 'cashFlows';
