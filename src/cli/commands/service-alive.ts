/** service alive: for whoever watches it, such as the health check of a container. */
import { askAlive } from '../../service/serving/alive.ts';
import type { CommandText, Shell } from '../command.ts';
import { printDocument } from '../render/document.ts';

export const aliveText: CommandText = {
  usage: 'alive',
  summary: 'whether the service of this book answers',
  description: `\
Asks the service of the book whether it lives, where it said that it listens: whatever its port is,
with TLS or without. It needs no token. Whether it may be relied on is /readyz.`,
  examples: [
    ['trueup service alive', 'what a container asks each half minute'],
    ['trueup --book /data/games.db service alive', 'of the service of another book'],
    ['trueup service alive --json', 'with its address, and why it is not said to live'],
  ],
  exits: [
    [0, 'it answers'],
    [1, 'it does not, or none was started on this book'],
  ],
  onlyNow: true,
};

export async function runAlive({ terminal, globals }: Shell): Promise<number> {
  const { book } = globals.configuration;
  const { address, fault } = await askAlive(book);
  const exitCode = fault === null ? 0 : 1;
  if (globals.json) {
    const said = { exitCode, book, address, alive: fault === null, why: fault };
    printDocument({ terminal }, { schema: 'trueup.alive/1', ...said });
  } else if (fault === null) terminal.print(`The service answers at ${address}`);
  else
    terminal.print(address === null ? fault : `The service at ${address} does not live: ${fault}`);
  return exitCode;
}
