/** Documents as they are printed: one JSON value, in lines that can be compared. */
import { jsonLine, jsonText } from '../../model/visible.ts';
import type { Shell } from '../command.ts';

export const printDocument = ({ terminal }: Pick<Shell, 'terminal'>, document: object): void =>
  terminal.print(jsonText(document));

/** One of many, each in a line of its own. */
export const printLine = ({ terminal }: Pick<Shell, 'terminal'>, document: object): void =>
  terminal.print(jsonLine(document));
