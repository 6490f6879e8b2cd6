/** A terminal for commands that are only declared. */
import type { Terminal } from '../../src/cli/terminal.ts';

export const silentTerminal: Terminal = {
  print: () => undefined,
  write: async () => undefined,
  tell: () => undefined,
  retell: () => undefined,
  style: (_style, text) => text,
  isTty: false,
  isTalkTty: false,
};
