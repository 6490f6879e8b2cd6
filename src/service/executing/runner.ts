/** A strategy at work: its share of the capital, and its answers held to what a signal is. */
import { type Decimal, isPositive } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { instantText } from '../../model/instant.ts';
import type { Seen, Signal, Strategy, Want } from '../../strategies/strategy.ts';
import { PaperRefused } from './paper-refused.ts';

export interface Runner {
  readonly name: string;
  /** Of the equity; all shares together are at most 1. */
  readonly share: Decimal;
  readonly strategy: Strategy;
  /** Where it comes from: built in, or a file. */
  readonly from: string;
  /** What it was told, by name. */
  readonly parameters: Readonly<Record<string, Decimal>>;
}

const wants: readonly Want[] = ['long', 'short', 'flat', 'as-is'];

/** Null while it knows too little. Whatever else it answers must be a signal. */
export function ask({ name, from, strategy }: Runner, seen: Seen): Signal | null {
  const at = instantText(seen.bars.at(-1)!.at);
  const failed = (why: string, hint: string): PaperRefused =>
    new PaperRefused({
      code: 'strategy-failed',
      message: `strategy ${name} ${why} at the bar that ended ${at}`,
      where: { file: from, field: seen.instrument },
      rule: 'a strategy answers every bar with a signal, or with null while it knows too little',
      hint,
    });
  let answer: unknown;
  try {
    answer = strategy(seen);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failed(`threw "${why}"`, `look at ${from}`);
  }
  if (answer === null) return null;
  const fault = faultOf(answer);
  if (fault !== null) throw failed(`answered ${fault}`, shapeHint);
  return answer as Signal;
}

const shape = `{ want: ${wants.join(' | ')}, limit: Decimal or null, why: text }`;
const shapeHint = `answer ${shape}, or null`;

function faultOf(answer: unknown): string | null {
  if (answer === undefined) return 'nothing';
  if (answer instanceof Promise) return 'a promise';
  if (typeof answer !== 'object' || answer === null) return `a ${typeof answer}`;
  const { want, limit, why } = answer as Record<keyof Signal, unknown>;
  if (!wants.includes(want as Want)) return `want ${JSON.stringify(want)}`;
  if (typeof why !== 'string') return 'no reason (why)';
  if (limit === null) return null;
  if (!isDecimal(limit)) return `limit ${JSON.stringify(limit) ?? 'undefined'}`;
  return isPositive(limit) ? null : `limit ${toText(limit)}`;
}

function isDecimal(value: unknown): value is Decimal {
  if (typeof value !== 'object' || value === null) return false;
  const { coefficient, scale } = value as Record<keyof Decimal, unknown>;
  const isWhole = typeof coefficient === 'bigint' || Number.isSafeInteger(coefficient);
  return isWhole && Number.isInteger(scale) && (scale as number) >= 0;
}
