/** Where a command prints: results on standard output, everything else on standard error. */
import { styleText } from 'node:util';
import { visible } from '../model/visible.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

export interface Terminal {
  /** A line, or several, of the result. */
  print(text: string): void;
  /** Part of a long result; resolves when there is room for more. */
  write(chunk: string): Promise<void>;
  /** Talk: warnings, progress, errors. */
  tell(text: string): void;
  /** Rewrites the last line of talk; only where isTalkTty. */
  retell(text: string): void;
  /** Colours for what is printed; plain where colours are not wanted. */
  style(style: Style, text: string): string;
  /** Whether a person looks at the result, and at the talk. */
  readonly isTty: boolean;
  readonly isTalkTty: boolean;
}

/** Colours follow NO_COLOR, FORCE_COLOR and whether a person looks, unless `color` is false. */
export function processTerminal(color: boolean): Terminal {
  const { stdout, stderr } = process;
  return {
    isTty: stdout.isTTY === true,
    isTalkTty: stderr.isTTY === true,
    print: (text) => void stdout.write(`${harmless(text)}\n`),
    write: (chunk) =>
      new Promise((resolve) => {
        if (stdout.write(chunk)) resolve();
        else stdout.once('drain', resolve);
      }),
    tell: (text) => void stderr.write(`${harmless(text)}\n`),
    retell: (text) => void stderr.write(`\r\u001b[2K${harmless(text)}`),
    style: (style, text) => (color ? styleText(style, text, { stream: stdout }) : text),
  };
}

/** What `style` writes. */
const styles: ReadonlySet<string> = new Set(
  ['1', '2', '22', '31', '32', '33', '39'].map((code) => `\u001b[${code}m`),
);

/** Lines and our own styles; no other control character reaches the screen. */
export const harmless = (text: string): string =>
  text.replace(/\n|\t|\p{Cc}(?:\[\d\d?m)?/gu, (found) =>
    found === '\n' || found === '\t' || styles.has(found) ? found : visible(found),
  );
