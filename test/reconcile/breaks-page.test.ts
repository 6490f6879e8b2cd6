/** The tables of docs/breaks.md are made from the code. UPDATE_DOCS=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lifeCycle } from '../../src/model/life-cycle.ts';
import { type Reason, reasonTitles } from '../../src/model/reason.ts';
import { gateKinds, gateTable } from '../../src/reconcile/gate.ts';
import { policy } from '../../src/reconcile/policy.ts';
import { reasonRows } from '../../src/reconcile/reason-rows.ts';
import { severityByAge, severityByDanger, severityByValue } from '../../src/reconcile/severity.ts';
import { sourceCauseRows } from '../../src/reconcile/source/causes.ts';
import { readRepository, root, withoutComments } from '../house/sources.ts';

const reasons = Object.keys(reasonTitles) as Reason[];

const path = join(root, 'docs', 'breaks.md');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Passes that name a reason, by reason; ruling one out is not finding it. */
function foundBy(): ReadonlyMap<string, readonly string[]> {
  const passes = readRepository().filter((source) =>
    /^src\/reconcile\/((causes|hypotheses|positions)\/.*|compare|findings|track)\.ts$/.test(
      source.path,
    ),
  );
  const named = passes.flatMap((source) => {
    const pass = source.path.replace('src/reconcile/', '').replace('.ts', '');
    const codes = withoutComments(source.text).match(/'[A-Z]+(?:_[A-Z]+)*'/g) ?? [];
    return [...new Set(codes)].map((code) => ({ code: code.slice(1, -1), pass }));
  });
  const byCode = Map.groupBy(named, ({ code }) => code);
  return new Map(Array.from(byCode, ([code, all]) => [code, all.map(({ pass }) => pass)]));
}

const raisedText = (raise: number): string => (raise > 0 ? `+${raise}` : String(raise));

const tables: Readonly<Record<string, () => string>> = {
  policy: () =>
    table(
      ['when', 'what', 'why'],
      policy.map(({ when, decision, because }) => [when, decision, because]),
    ),
  severity: () =>
    table(
      ['when', 'says', 'because'],
      [
        ...severityByValue.map(({ grossMin, severity, because }) => [
          ...[`${grossMin} or more at stake`, severity, because],
        ]),
        ...severityByAge.map(({ ageSecondsMin, raise, because }) => [
          ...[`${ageSecondsMin} s or more of age`, raisedText(raise), because],
        ]),
        ...severityByDanger.map(({ when, raise, because }) => [when, raisedText(raise), because]),
      ],
    ),
  'life-cycle': () =>
    table(
      ['from', 'to', 'because'],
      lifeCycle.map(({ from, to, because }) => [from, to, because]),
    ),
  gate: () =>
    table(
      ['code', 'denies when', 'because'],
      gateTable.map(({ code, when, because }) => [`\`${code}\``, when, because]),
    ),
  'gate-kinds': () =>
    table(
      ['a break of', 'denies', 'because'],
      Object.entries(gateKinds).map(([what, { denies, because }]) => [
        ...[what, denies ? 'yes' : 'no', because],
      ]),
    ),
  'source-causes': () =>
    table(
      ['code', 'when', 'evidence', 'what sets it right'],
      sourceCauseRows.map(({ reasons, when, evidence, repair }) => [
        ...[reasons.map((code) => `\`${code}\``).join(', '), when, evidence, repair],
      ]),
    ),
  reasons: () => {
    const passes = foundBy();
    const rows = reasons.map((code) => [
      ...[`\`${code}\``, reasonTitles[code]],
      ...[reasonRows[code].evidence, reasonRows[code].repair, passes.get(code)!.join(', ')],
    ]);
    return table(['code', 'means', 'evidence', 'what sets it right', 'found by'], rows);
  },
};

const names = Object.keys(tables);

test.each(names)('Y21 the table of %s in docs/breaks.md is that of the code', (name) => {
  const page = readFileSync(path, 'utf8');
  const place = new RegExp(`(<!-- ${name} -->\n)(\n(?:\\|.*\n)+)?`);
  expect(page).toMatch(place);
  const wanted = page.replace(place, (_, marker: string) => `${marker}\n${tables[name]!()}\n`);
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(path, wanted);
  else expect(page).toBe(wanted);
});
