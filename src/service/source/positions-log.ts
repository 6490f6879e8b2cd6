/**
 * A bot's own log: the lines that name a stored symbol, with their times as they are written. A
 * time without an offset is read as UTC, so that another zone shows as what it is: a difference.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Instant, parseInstant } from '../../model/instant.ts';
import type { LoggedChange } from '../../reconcile/positions/port.ts';
import { SourceRefused } from './refused.ts';

/** Of each symbol the newest lines; more tell nothing more. */
const linesMax = 1_000;

const stamp = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/;
const word = /[A-Za-z0-9][A-Za-z0-9/:_.-]*/g;

export async function loggedChanges(
  path: string,
  symbols: Iterable<string>,
): Promise<readonly LoggedChange[]> {
  const wanted = new Set(symbols);
  const found = new Map<string, LoggedChange[]>();
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  try {
    for await (const line of lines) {
      const at = timeIn(line);
      if (at === null) continue;
      for (const symbol of symbolsIn(line, wanted)) keep(found, { symbol, at, line });
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return [...found.values()].flat();
}

function keep(found: Map<string, LoggedChange[]>, change: LoggedChange): void {
  const own = found.get(change.symbol) ?? [];
  own.push(change);
  if (own.length > linesMax) own.shift();
  found.set(change.symbol, own);
}

function timeIn(line: string): Instant | null {
  const parts = stamp.exec(line);
  if (parts === null) return null;
  const [, date, time, fraction, offset = 'Z'] = parts;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  return parseInstant(`${date}T${time}${fraction === undefined ? '' : `.${fraction}`}${zone}`);
}

/** As whole words, less the punctuation that a sentence puts behind them. */
function symbolsIn(line: string, wanted: ReadonlySet<string>): ReadonlySet<string> {
  const words = line.match(word) ?? [];
  return new Set(words.map((one) => one.replace(/[:._-]+$/, '')).filter((one) => wanted.has(one)));
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  return new SourceRefused({
    code: 'log-unreadable',
    message: `the log ${path} cannot be read: ${error.message}`,
    where: { field: '--log', value: path },
    rule: 'a log is a file of lines with a time each',
    hint: 'name another file, or leave it out',
  });
}
