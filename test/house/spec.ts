/** docs/SPEC.md states rules (`**D1** text`), tests are named after the rules they check. */
import { type Source, testNamesOf } from './sources.ts';

const ruleId = /^(?:[-*] )?\*\*([A-Z]{1,2}\d+)\*\* \S/gm;
const leadingIds = /^[A-Z]{1,2}\d+(?: [A-Z]{1,2}\d+)*(?![\w.-])/;

/** The rules that a test name starts with: `D1 D4 sums are exact` is about D1 and D4. */
export const rulesOf = (testName: string) => testName.match(leadingIds)?.[0].split(' ') ?? [];

export function specFaults(spec: string, tests: readonly Source[]): string[] {
  const rules = [...spec.matchAll(ruleId)].map((match) => match[1]!);
  if (rules.length === 0) return ['docs/SPEC.md states no rule'];
  const named = tests.flatMap((source) =>
    testNamesOf(source)
      .flatMap(rulesOf)
      .map((rule) => ({ rule, path: source.path })),
  );
  const repeated = rules.filter((rule, index) => rules.indexOf(rule) < index);
  const untested = rules.filter((rule) => !named.some((one) => one.rule === rule));
  const unknown = named.filter(({ rule }) => !rules.includes(rule));
  return [
    ...repeated.map((rule) => `docs/SPEC.md states ${rule} twice`),
    ...untested.map((rule) => `no test name starts with ${rule}`),
    ...unknown.map(({ rule, path }) => `${path} names ${rule}, which docs/SPEC.md does not state`),
  ];
}
