/** Reads Markdown documents: their fenced blocks, what these ask for, and their links. */
import { lineAt } from './sources.ts';

/**
 * A block of a document, by the words after its backticks:
 *
 *   sh                  commands, which run
 *   ts                  a program, which runs, with 'trueup' being the library
 *   ... file=NAME       is written to that file before what follows runs
 *   ... no-run REASON   is only read
 */
export interface Block {
  readonly line: number;
  readonly language: string;
  readonly file?: string;
  readonly noRun?: string;
  readonly text: string;
}

const fence = /^( *)(`{3,})([^\n`]*)\n([\s\S]*?)^ *\2 *$/gm;

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(fence)].map((match) => {
    const [, indent, , info, text] = match;
    const [language = '', ...options] = info!.trim().split(' ');
    const file = options.find((option) => option.startsWith('file='))?.slice('file='.length);
    const noRun = info!.match(/ no-run\b(.*)/)?.[1]?.trim();
    return {
      line: lineAt(markdown, match.index),
      language,
      ...(file === undefined ? {} : { file }),
      ...(noRun === undefined ? {} : { noRun }),
      text: text!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}

/**
 * The script of a `sh` block, which stops at the first command that ends otherwise than it should.
 * With lines that start with `$ `, these are the commands and the rest is what they print.
 * A command that ends with `# exit 3` should exit with 3.
 */
export function scriptOf(block: string): string {
  const lines = block.replaceAll(/\\\n(> )?\s*/g, '').split('\n');
  const typed = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  return (typed.length > 0 ? typed : lines).map(expecting).join('\n');
}

function expecting(line: string): string {
  const [, command, code] = line.match(/^(.*?)\s+# exit (\d+)$/) ?? [];
  if (!code) return line;
  return `code=0; { ${command}; } || code=$?; test "$code" -eq ${code}`;
}

/** Where the links of a document lead that stay inside the repository, without their anchors. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(fence, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(<?([^)>\s]+)>?[^)]*\)/g)]
    .map((match) => match[1]!.replace(/#.*/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}
