/** An investigation as a document to file: the same content as Markdown or HTML. */
import type { JsonObject } from './check-document.ts';
import {
  type Report,
  reportHtml,
  reportMarkdown,
  type Section,
  section,
  table,
  text,
} from './sections.ts';

interface Investigated {
  readonly asOf: string;
  readonly verdict: string;
  readonly parties: readonly string[];
  readonly breaks: readonly InvestigatedBreak[];
  readonly unknown: readonly { account: string; section: string; why: string }[];
}

interface InvestigatedBreak {
  readonly id: string;
  readonly title: string;
  readonly account: string;
  readonly confidence: string;
  readonly severity: string;
  readonly state: string;
  readonly gross: string | null;
  readonly net: string | null;
  readonly lines: readonly {
    readonly what: string;
    readonly key: string;
    readonly ours: string | null;
    readonly oursText?: string;
    readonly oursParty: string;
    readonly theirs: string | null;
    readonly theirsText?: string;
    readonly theirsParty: string;
    readonly difference: string | null;
  }[];
  readonly explanation: {
    readonly sentence: string;
    readonly evidence: readonly {
      at: string;
      source: string;
      what: string;
      id: string;
      effect: string | null;
    }[];
    readonly residual: string | null;
    readonly ruledOut: readonly { reason: string; residual: string | null; why: string }[];
  };
  readonly repair: {
    readonly entries: readonly { action: string; id: string }[];
    readonly needsApproval: boolean | null;
    readonly because: string | null;
    readonly effects: readonly { what: string; key: string; before: string; after: string }[];
    readonly alternatives: readonly { name: string; effect: string; whyNot: string }[];
  };
}

const titleOf = ({ breaks }: Investigated): string =>
  breaks.length === 1 ? `Investigation of ${breaks[0]!.id}` : 'Investigation';

const reportOf = (document: JsonObject): Report => {
  const found = document as unknown as Investigated;
  return { title: titleOf(found), sections: sectionsOf(found) };
};

export const investigationMarkdown = (document: JsonObject): string =>
  reportMarkdown(reportOf(document));

export const investigationHtml = (document: JsonObject): string => reportHtml(reportOf(document));

function sectionsOf(found: Investigated): readonly Section[] {
  const { breaks, unknown, asOf, verdict, parties } = found;
  const summary = section('Summary', [
    text(`${parties.join(' against ')}, as of ${asOf}: ${verdict}.`),
    text(breaks.length === 0 ? 'No break is open.' : `${breaks.length} open.`),
    ...unknown.map((one) => text(`Not known: ${one.account} ${one.section}: ${one.why}.`)),
  ]);
  return [summary, ...breaks.flatMap(sectionsOfBreak)];
}

function sectionsOfBreak(one: InvestigatedBreak): readonly Section[] {
  const { id, explanation, repair } = one;
  const sections = [
    section(`${id}: ${one.title}`, [
      text(
        `Account ${one.account} · ${one.severity} · ${one.confidence} · ${one.state}. At stake ` +
          `${one.gross ?? 'unknown'} gross, ${one.net ?? 'unknown'} net.`,
      ),
      table(linesOf(one)),
    ]),
    section(`${id}: cause`, [
      text(explanation.sentence),
      text(`Residual: ${explanation.residual ?? 'no number can be given'}.`),
    ]),
  ];
  if (explanation.evidence.length > 0) {
    const rows = explanation.evidence.map(({ at, source, what, id: evidence, effect }) => [
      ...[at, source, what, evidence, effect ?? ''],
    ]);
    const head = ['when', 'who says so', 'what', 'id', 'effect'];
    sections.push(section(`${id}: evidence`, [table([head, ...rows])]));
  }
  if (explanation.ruledOut.length > 0) {
    const rows = explanation.ruledOut.map(({ reason, why, residual }) => [
      ...[reason, why, residual ?? ''],
    ]);
    sections.push(
      section(`${id}: ruled out`, [table([['cause', 'why not', 'would leave'], ...rows])]),
    );
  }
  return [...sections, repairSection(id, repair)];
}

function linesOf({ lines }: InvestigatedBreak): readonly (readonly string[])[] {
  const rows = lines.map((line) => [
    ...[line.what, line.key, line.oursParty, line.ours ?? line.oursText ?? 'unknown'],
    ...[line.theirsParty, line.theirs ?? line.theirsText ?? 'unknown', line.difference ?? ''],
  ]);
  return [['what', 'of', 'ours', 'value', 'theirs', 'value', 'difference'], ...rows];
}

function repairSection(id: string, repair: InvestigatedBreak['repair']): Section {
  const { entries, because, effects, alternatives, needsApproval } = repair;
  const what = entries.map(({ action, id: entry }) => `${action} ${entry}`).join(', ');
  const rows = effects.map(({ what: kind, key, before, after }) => [
    ...[`${kind} ${key}`, before, after],
  ]);
  const paragraphs = [
    what === '' ? `None: ${because ?? 'nothing is known to repair it'}.` : `${what}.`,
    ...(needsApproval === true ? ['It needs a person’s approval.'] : []),
    ...alternatives.map((one) => `Instead: ${one.name}: ${one.effect}; but ${one.whyNot}.`),
  ];
  const moved = rows.length === 0 ? [] : [table([['what', 'before', 'after'], ...rows])];
  return section(`${id}: repair`, [...paragraphs.map(text), ...moved]);
}
