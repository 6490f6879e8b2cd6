/**
 * The log: one JSON object a line, `{time, level, event, account, instrument, ours, theirs,
 * breakId, msg}`, unknown members null. `msg` begins with the words operators search for.
 */
import { pino } from 'pino';
import { type Clock, instantText } from '../model/instant.ts';
import { visible } from '../model/visible.ts';
import { withoutSecrets } from './redaction.ts';

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogLine {
  /** Dotted, like `balance.wrong`. */
  readonly event: string;
  readonly msg: string;
  readonly account?: string | null;
  readonly instrument?: string | null;
  /** Decimal texts: what is stored, and what is true. */
  readonly ours?: string | null;
  readonly theirs?: string | null;
  readonly breakId?: string | null;
}

export interface Log {
  info(line: LogLine): void;
  warn(line: LogLine): void;
  error(line: LogLine): void;
}

/** Writes a line that ends with a newline. It must not throw: a log never stops the work. */
export type LogWrite = (line: string) => void;

/** A log of our own time, without names of machines and processes, and without secrets. */
export function logTo(write: LogWrite, clock: Clock): Log {
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${instantText(clock.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretMembers, censor: '***' },
    },
    { write },
  );
  const at = (level: LogLevel) => (line: LogLine) => logger[level](membersOf(line));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Nothing of ours has such members; if one ever gets in, it is not written. */
const secretMembers = ['password', 'token', 'secret', 'authorization'].flatMap((name) => [
  name,
  `*.${name}`,
]);

function membersOf({ event, msg, ...rest }: LogLine) {
  const { account = null, instrument = null, ours = null, theirs = null, breakId = null } = rest;
  const clean = (text: string | null) => (text === null ? null : withoutSecrets(text));
  return {
    event,
    account: clean(account),
    instrument: clean(instrument),
    ours: clean(ours),
    theirs: clean(theirs),
    breakId,
    msg: withoutSecrets(msg),
  };
}

/** The same for somebody who looks: `10:05:00Z warn  balance.wrong  Discrepancy: $211.69`. */
export function logForPeople(write: LogWrite, clock: Clock): Log {
  const at = (level: LogLevel) => (line: LogLine) => {
    const { event, msg } = membersOf(line);
    const time = instantText(clock.now()).replace(/^.*T/, '').replace(/\.\d+/, '');
    write(`${time} ${level.padEnd(5)} ${event.padEnd(18)} ${visible(msg)}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Says everything to each. */
export const logToAll = (logs: readonly Log[]): Log => ({
  info: (line) => void logs.map((log) => log.info(line)),
  warn: (line) => void logs.map((log) => log.warn(line)),
  error: (line) => void logs.map((log) => log.error(line)),
});
