/**
 * Documents to file: a title and sections of blocks, as Markdown or as one page of HTML. Texts may
 * be of others: a line break or a control character in one is shown, and breaks nothing.
 */
import { visible } from '../model/visible.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Headings first. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'code'; readonly language: 'sql' | 'sh'; readonly text: string }
  /** A picture of ours, as SVG without empty lines: whatever text is in it is escaped there. */
  | { readonly kind: 'chart'; readonly svg: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Report {
  readonly title: string;
  readonly sections: readonly Section[];
}

export const text = (line: string): Block => ({ kind: 'text', text: line });
export const list = (items: readonly string[]): Block => ({ kind: 'list', items });
export const table = (rows: readonly (readonly string[])[]): Block => ({ kind: 'table', rows });
export const code = (language: 'sql' | 'sh', lines: string): Block => ({
  ...{ kind: 'code', language },
  text: lines,
});

export const section = (title: string, blocks: readonly Block[]): Section => ({ title, blocks });

export function reportMarkdown({ title, sections }: Report): string {
  const parts = [`# ${visible(title)}`];
  for (const one of sections)
    parts.push(`## ${visible(one.title)}`, ...one.blocks.map(markdownBlock));
  return `${parts.join('\n\n')}\n`;
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return visible(block.text);
    case 'list':
      return block.items.map((item) => `- ${visible(item)}`).join('\n');
    case 'table':
      return markdownTable(block.rows);
    case 'code':
      return `\`\`\`${block.language}\n${visibleLines(block.text)}\n\`\`\``;
    case 'chart':
      return block.svg;
  }
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows.map((row) => `| ${row.map(markdownCell).join(' | ')} |`);
  return [head, `|${rows[0]!.map(() => '---').join('|')}|`, ...rest].join('\n');
}

const markdownCell = (cell: string): string => visible(cell).replaceAll('|', '\\|');

/** Lines of commands are ours. */
const visibleLines = (lines: string): string => lines.split('\n').map(visible).join('\n');

/** One file: no script, nothing that is fetched from elsewhere. */
export function reportHtml({ title, sections }: Report): string {
  const body = sections.map(
    (one) =>
      `<section>\n<h2>${escaped(one.title)}</h2>\n` +
      `${one.blocks.map(htmlBlock).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style></head>
<body>
<h1>${escaped(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;font-variant-numeric:tabular-nums}' +
  'th,td{border:1px solid #bbb;padding:.25rem .6rem;text-align:left}';

function htmlBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>\n`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${escaped(item)}</li>\n`).join('')}</ul>\n`;
    case 'table':
      return htmlTable(block.rows);
    case 'code':
      return `<pre><code>${block.text.split('\n').map(escaped).join('\n')}</code></pre>\n`;
    case 'chart':
      return `<figure>${block.svg}</figure>\n`;
  }
}

function htmlTable(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows;
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>\n`;
  return `<table>\n${row(head!, 'th')}${rest.map((cells) => row(cells, 'td')).join('')}</table>\n`;
}

export const escaped = (line: string): string =>
  visible(line).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
