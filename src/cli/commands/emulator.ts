/** emulator: recorded data behind a real exchange's protocol, on this machine, with faults. */
import type { Decimal } from '../../decimal/decimal.ts';
import { parseDecimal } from '../../decimal/text.ts';
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';
import { PaperRefused } from '../../service/executing/paper-refused.ts';
import { instrumentOf, readRecorded } from '../../service/executing/recorded-data.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type CommandText, countOption, declare, type Registry, type Shell } from '../command.ts';
import { CommandError, refusedInput, usageError } from '../command-error.ts';
import { countText } from '../render/amount.ts';
import { printDocument } from '../render/document.ts';
import { tableLines } from '../render/table.ts';
import { onSignals } from '../signals.ts';

const text: CommandText = {
  usage: 'emulator',
  summary: "put recorded data behind an exchange's protocol, on paper",
  description: `\
Runs a simulated exchange on loopback that speaks Bybit's v5 protocol (REST and private stream), and
what trading takes of Binance's USD-margined contracts: programs and client libraries that trade
there trade here, on PAPER. Recorded data is replayed as if it happened now. A script says what goes
wrong: lost frames, late answers, busted trades and more; docs/emulator.md lists them. Runs until it
is stopped, then says which faults were applied.`,
  examples: [
    ['trueup emulator --data examples/ABC_USDT-1h.csv', 'an exchange with one pair'],
    ['trueup emulator --data examples/ABC_USDT-1h.csv --speed 3600', 'an hour in a second'],
    ['trueup emulator --data capture.gz --instrument BTC/USDT:USDT --script faults.json', 'faults'],
  ],
  exits: [
    [0, 'stopped'],
    [1, 'the port is in use'],
    [2, 'data, the script or an option was refused'],
    [130, 'interrupted twice (143: terminated twice)'],
  ],
  onlyNow: true,
};

interface Options {
  readonly data: readonly string[];
  readonly script?: string;
  readonly port: string;
  readonly speed: string;
  readonly seed: string;
  readonly instrument?: readonly string[];
  readonly deposit: readonly string[];
  readonly tick: string;
  readonly lot: string;
  readonly orderRate?: string;
  readonly untilEnd?: true;
}

export function addEmulator(registry: Registry): void {
  declare(registry, text, run)
    .requiredOption('--data <file...>', 'recorded bars or trades, or a capture, also gzipped')
    .option('--script <file>', 'what goes wrong, as JSON')
    .option('--port <number>', 'where it listens on loopback; 0: any', '8089')
    .option('--speed <factor>', 'how many times faster than it was', '1')
    .option('--seed <number>', 'for everything that the exchange draws', '1')
    .option('--instrument <name...>', 'of each file (default: as the file is named)')
    .option('--deposit <coin=amount...>', 'what the account begins with', ['USDT=10000'])
    .option('--tick <price>', 'smallest step of prices', '0.00000001')
    .option('--lot <quantity>', 'smallest step of quantities', '0.00000001')
    .option('--order-rate <number>', 'orders a second that a key may send (default: any number)')
    .option('--until-end', 'stop when the data ends');
}

async function run(shell: Shell, options: Options): Promise<number> {
  const { start, scriptAt, paperKey } = await import('../../../emulator/start.ts');
  const { terminal } = shell;
  const instruments = instrumentsOf(options);
  const script = scriptAt(options.script ?? null);
  if (!('seed' in script)) throw badScript(options.script ?? '', script);
  const port = within('--port', options.port, 0, 65_535);
  const started = await start({
    ...{ clock: systemClock, instruments, script },
    port,
    speed: Math.max(1, countOption('--speed', options.speed)),
    seed: countOption('--seed', options.seed),
    orderRate:
      options.orderRate === undefined ? null : within('--order-rate', options.orderRate, 1, most),
    deposits: options.deposit.map(depositOf),
    data: options.data.map((path, index) => eventsOf(path, instruments[index]!)),
  }).catch((error: unknown) => {
    throw portInUse(error, port) ?? error;
  });
  const at = `127.0.0.1:${started.emulator.port}`;
  terminal.tell(`PAPER Bybit v5 on http://${at} and ws://${at}/v5/private`);
  terminal.tell(`PAPER Binance USD-M on http://${at}/fapi`);
  terminal.tell(`PAPER key ${paperKey.key}, secret ${paperKey.secret}; stop it with Ctrl+C`);
  const ended = Promise.withResolvers<void>();
  const done = onSignals(terminal, { stop: () => ended.resolve(), reopen: null });
  if (options.untilEnd === true) void started.over.then(ended.resolve);
  await ended.promise;
  done();
  const events = started.events();
  await started.stop();
  say(shell, events, started.emulator.applied);
  return 0;
}

const most = 999_999_999;

function within(option: string, text: string, from: number, to: number): number {
  const count = countOption(option, text);
  if (count >= from && count <= to) return count;
  throw usageError('count-bad', `${option} ${text}`, `write ${from} to ${to}`, option);
}

/** Null: something else went wrong. */
function portInUse(error: unknown, port: number): CommandError | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return null;
  const why = code === 'EACCES' ? 'may not be listened on' : 'is in use';
  return new CommandError(1, {
    code: code === 'EACCES' ? 'port-forbidden' : 'port-in-use',
    message: `the port ${port} of this machine ${why}`,
    where: { field: '--port', value: String(port) },
    rule: 'it listens on a port of its own',
    hint: 'name another one, or --port 0 for any that is free',
  });
}

function instrumentsOf({ data, instrument = [], tick, lot }: Options): Instrument[] {
  const steps = { tickSize: amount('--tick', tick), lotSize: amount('--lot', lot) };
  return data.map((path, index) => {
    const name = instrument[index] ?? instrumentOf(path) ?? '';
    const found = instrumentFromName('bybit', name);
    if (found !== null) return { ...found, ...steps };
    const hint = 'name it with --instrument, as BTC/USDT (spot) or BTC/USDT:USDT (linear)';
    throw usageError('instrument-bad', `of what is ${path}?`, hint, '--instrument');
  });
}

function eventsOf(path: string, { name, tickSize }: Instrument) {
  try {
    return readRecorded(path, name, tickSize?.scale ?? 8).events;
  } catch (error) {
    if (error instanceof PaperRefused) throw refusedInput(error.refusal);
    throw error;
  }
}

function depositOf(text: string): readonly [string, Decimal] {
  const [coin = '', value = ''] = text.split('=');
  if (/^[A-Z0-9]+$/.test(coin)) return [coin, amount('--deposit', value)];
  throw usageError('deposit-bad', `--deposit ${text}`, 'write such as USDT=10000', '--deposit');
}

function amount(option: string, text: string): Decimal {
  const read = parseDecimal(text);
  if (read.ok && read.value.coefficient > 0) return read.value;
  throw usageError('amount-bad', `${option} ${text}`, 'write what is > 0, such as 0.001', option);
}

const badScript = (file: string, faults: readonly string[]) =>
  refusedInput({
    code: 'fault-script-bad',
    message: `${file}: ${faults.join('; ')}`,
    where: { file },
    rule: 'a fault script is JSON of a seed and faults',
    hint: 'docs/emulator.md lists the faults and their parameters',
  });

type Applied = readonly { readonly at: string; readonly fault: string; readonly to: string }[];

function say(shell: Shell, events: number, faults: Applied): void {
  if (shell.globals.json) {
    printDocument(shell, { schema: 'trueup.emulator/1', mode: 'PAPER', events, faults });
    return;
  }
  const { terminal } = shell;
  terminal.print(`PAPER ${countText(events)} events replayed, ${faults.length} faults applied`);
  if (faults.length === 0) return;
  const rows = faults.map(({ at, fault, to }) => [at, fault, to]);
  terminal.print(tableLines(terminal, ['TIME', 'FAULT', 'TO'], rows).join('\n'));
}
