/** Documents to file: a title and sections of blocks, as Markdown or as one page of HTML. */

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Headings first. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'code'; readonly language: 'sql' | 'sh'; readonly text: string };

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
  const parts = [`# ${title}`];
  for (const one of sections) parts.push(`## ${one.title}`, ...one.blocks.map(markdownBlock));
  return `${parts.join('\n\n')}\n`;
}

function markdownBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'table':
      return markdownTable(block.rows);
    case 'code':
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
  }
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows.map((row) => `| ${row.map(markdownCell).join(' | ')} |`);
  return [head, `|${rows[0]!.map(() => '---').join('|')}|`, ...rest].join('\n');
}

const markdownCell = (cell: string): string => cell.replaceAll('|', '\\|');

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
      return `<pre><code>${escaped(block.text)}</code></pre>\n`;
  }
}

function htmlTable(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows;
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>\n`;
  return `<table>\n${row(head!, 'th')}${rest.map((cells) => row(cells, 'td')).join('')}</table>\n`;
}

const escaped = (line: string): string =>
  line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
