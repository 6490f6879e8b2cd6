/** A shell that remembers what it printed, and a fake venue behind whatever name. */
import { join } from 'node:path';
import type { Shell } from '../../src/cli/command.ts';
import { readConfiguration } from '../../src/service/config.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { OpenVenue } from '../../src/service/venues/opening.ts';
import { FakeVenue } from '../service/listening/fake-venue.ts';
import { CommandLine } from './command-line.ts';
import { silentTerminal } from './silent-terminal.ts';

const folders: CommandLine[] = [];

export function removeGrounds(): void {
  for (const one of folders.splice(0)) one.remove();
}

export function ground(json = false, settings: object | null = null) {
  const cli = new CommandLine();
  if (settings !== null) cli.file('trueup.json', JSON.stringify(settings));
  folders.push(cli);
  const printed: string[] = [];
  const told: string[] = [];
  const book = join(cli.folder, 'trueup.db');
  const around = { environment: {}, folder: cli.folder, home: cli.folder };
  const read = readConfiguration({ book }, around);
  if (!read.ok) throw new Error(read.refusal.message);
  const terminal = {
    ...silentTerminal,
    print: (text: string) => void printed.push(text),
    tell: (text: string) => void told.push(text),
  };
  const configuration = read.value;
  const shell: Shell = {
    terminal,
    globals: { configuration, json, strict: false, asOf: null, knownAt: null },
  };
  const venue = new FakeVenue({ clock: systemClock });
  const named = {
    ...{ exchange: 'bybit', account: 'main', currency: 'USDT', positionMode: 'net' as const },
    ...{ readOnly: true, allowWithdrawals: false, symbols: [] },
  };
  const open: OpenVenue = async () => ({ ok: true, value: { venue, settings: named } });
  return { cli, shell, venue, open, printed, told };
}
