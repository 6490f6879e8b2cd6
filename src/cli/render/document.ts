/** Documents as they are printed: one JSON value, in lines that can be compared. */
import type { Shell } from '../command.ts';

export const printDocument = ({ terminal }: Pick<Shell, 'terminal'>, document: object): void =>
  terminal.print(JSON.stringify(document, null, 2));
