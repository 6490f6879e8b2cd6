/** A line of market data that could not be read: told, never guessed. */
import type { Refusal } from '../../../model/result.ts';

export function feedFault(line: number, code: string, message: string, value?: string): Refusal {
  return {
    code,
    message,
    where: value === undefined ? { line } : { line, value: value.slice(0, 80) },
    rule: 'PX20: market data is read without loss, and what cannot be read is told with its line',
    hint: 'leave the line out, or write it as the others are',
  };
}
