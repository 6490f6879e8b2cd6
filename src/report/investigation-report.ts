/** An investigation as a document to file: the same content as Markdown or HTML. */
import type { JsonObject } from './check-document.ts';

/** A title with paragraphs and an optional table. */
interface Section {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly table: readonly (readonly string[])[] | null;
}

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

export function investigationMarkdown(document: JsonObject): string {
  const found = document as unknown as Investigated;
  const parts = [`# ${titleOf(found)}`];
  for (const { title, paragraphs, table } of sectionsOf(found)) {
    parts.push(`## ${title}`, ...paragraphs);
    if (table !== null) parts.push(markdownTable(table));
  }
  return `${parts.join('\n\n')}\n`;
}

function markdownTable(table: readonly (readonly string[])[]): string {
  const [head, ...rows] = table.map((row) => `| ${row.map(markdownCell).join(' | ')} |`);
  return [head, `|${table[0]!.map(() => '---').join('|')}|`, ...rows].join('\n');
}

const markdownCell = (text: string): string => text.replaceAll('|', '\\|');

export function investigationHtml(document: JsonObject): string {
  const found = document as unknown as Investigated;
  const title = escaped(titleOf(found));
  const body = sectionsOf(found).map(
    (section) =>
      `<section>\n<h2>${escaped(section.title)}</h2>\n` +
      section.paragraphs.map((text) => `<p>${escaped(text)}</p>\n`).join('') +
      `${section.table === null ? '' : htmlTable(section.table)}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head>
<body>
<h1>${title}</h1>
${body.join('\n')}
</body>
</html>
`;
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;font-variant-numeric:tabular-nums}' +
  'th,td{border:1px solid #bbb;padding:.25rem .6rem;text-align:left}';

function htmlTable(table: readonly (readonly string[])[]): string {
  const [head, ...rows] = table;
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>\n`;
  return `<table>\n${row(head!, 'th')}${rows.map((cells) => row(cells, 'td')).join('')}</table>\n`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function sectionsOf(found: Investigated): readonly Section[] {
  const { breaks, unknown, asOf, verdict, parties } = found;
  const summary = section('Summary', [
    `${parties.join(' against ')}, as of ${asOf}: ${verdict}.`,
    breaks.length === 0 ? 'No break is open.' : `${breaks.length} open.`,
    ...unknown.map((one) => `Not known: ${one.account} ${one.section}: ${one.why}.`),
  ]);
  return [summary, ...breaks.flatMap(sectionsOfBreak)];
}

const section = (
  title: string,
  paragraphs: readonly string[],
  table: Section['table'] = null,
): Section => ({ title, paragraphs, table });

function sectionsOfBreak(one: InvestigatedBreak): readonly Section[] {
  const { id, explanation, repair } = one;
  const sections = [
    section(
      `${id}: ${one.title}`,
      [
        `Account ${one.account} · ${one.severity} · ${one.confidence} · ${one.state}. At stake ` +
          `${one.gross ?? 'unknown'} gross, ${one.net ?? 'unknown'} net.`,
      ],
      linesTable(one),
    ),
    section(`${id}: cause`, [
      explanation.sentence,
      `Residual: ${explanation.residual ?? 'no number can be given'}.`,
    ]),
  ];
  if (explanation.evidence.length > 0) {
    const rows = explanation.evidence.map(({ at, source, what, id: evidence, effect }) => [
      ...[at, source, what, evidence, effect ?? ''],
    ]);
    const head = ['when', 'who says so', 'what', 'id', 'effect'];
    sections.push(section(`${id}: evidence`, [], [head, ...rows]));
  }
  if (explanation.ruledOut.length > 0) {
    const rows = explanation.ruledOut.map(({ reason, why, residual }) => [
      ...[reason, why, residual ?? ''],
    ]);
    sections.push(section(`${id}: ruled out`, [], [['cause', 'why not', 'would leave'], ...rows]));
  }
  sections.push(repairSection(id, repair));
  return sections;
}

function linesTable({ lines }: InvestigatedBreak): Section['table'] {
  const rows = lines.map((line) => [
    ...[line.what, line.key, line.oursParty, line.ours ?? line.oursText ?? 'unknown'],
    ...[line.theirsParty, line.theirs ?? line.theirsText ?? 'unknown', line.difference ?? ''],
  ]);
  return [['what', 'of', 'ours', 'value', 'theirs', 'value', 'difference'], ...rows];
}

function repairSection(id: string, repair: InvestigatedBreak['repair']): Section {
  const { entries, because, effects, alternatives, needsApproval } = repair;
  const what = entries.map(({ action, id: entry }) => `${action} ${entry}`).join(', ');
  const table = effects.map(({ what: kind, key, before, after }) => [
    ...[`${kind} ${key}`, before, after],
  ]);
  return section(
    `${id}: repair`,
    [
      what === '' ? `None: ${because ?? 'nothing is known to repair it'}.` : `${what}.`,
      ...(needsApproval === true ? ['It needs a person’s approval.'] : []),
      ...alternatives.map((one) => `Instead: ${one.name}: ${one.effect}; but ${one.whyNot}.`),
    ],
    table.length === 0 ? null : [['what', 'before', 'after'], ...table],
  );
}
