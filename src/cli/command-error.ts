/** A command that ends without its result: what is said about it, and the exit code. */
import type { Refusal } from '../model/result.ts';
import { jsonText } from '../model/visible.ts';
import { type Failure, failureOf } from '../service/failure.ts';
import { withoutSecrets } from '../service/redaction.ts';
import type { Terminal } from './terminal.ts';

export class CommandError extends Error {
  readonly exitCode: number;
  readonly refusal: Refusal;
  /** The command's own document, where it got so far. */
  readonly details: unknown;

  constructor(exitCode: number, refusal: Refusal, details: unknown = null) {
    super(refusal.message);
    this.exitCode = exitCode;
    this.refusal = refusal;
    this.details = details;
  }
}

/** What was looked at does not answer: neither a result nor a fault, and it may answer later. */
export class CannotSay extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`CANNOT SAY: ${failure.message}`);
    this.failure = failure;
  }
}

/** Wrong usage, configuration or input. */
export const refusedInput = (refusal: Refusal, details: unknown = null): CommandError =>
  new CommandError(2, refusal, details);

export function usageError(code: string, message: string, hint: string, field = ''): CommandError {
  const where = field === '' ? {} : { field };
  return refusedInput({ code, message, where, rule: 'a command is used as its --help says', hint });
}

interface Told {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly where: Refusal['where'];
  readonly rule: string | null;
  readonly hint: string | null;
  readonly retry: boolean;
  readonly details: unknown;
}

/** Says what went wrong; the exit code. A bug of ours is said with its stack. */
export function report(error: unknown, terminal: Terminal, json: boolean): number {
  const told = discreet(toldOf(error));
  if (json) terminal.print(jsonText(errorDocument(told)));
  else for (const line of errorLines(told)) terminal.tell(line);
  if (told.code === 'internal' && error instanceof Error) {
    terminal.tell(withoutSecrets(error.stack ?? ''));
  }
  return told.exitCode;
}

function toldOf(error: unknown): Told {
  if (error instanceof CommandError) {
    const { exitCode, details, refusal } = error;
    return { exitCode, ...refusal, retry: false, details };
  }
  if (error instanceof CannotSay) {
    return { ...error.failure, exitCode: 5, message: error.message, details: null };
  }
  const failure = failureOf(error);
  if (failure !== null) return { ...failure, details: null };
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'this is a fault of trueup: report it with the command and what stands below';
  const bug = { code: 'internal', message, where: {}, rule: null, hint };
  return { exitCode: 1, ...bug, retry: false, details: null };
}

/** What is wrong is said in the words that were typed, and an address among them has a password. */
function discreet(told: Told): Told {
  const { message, hint, where } = told;
  const value = where.value === undefined ? {} : { value: withoutSecrets(where.value) };
  return {
    ...told,
    message: withoutSecrets(message),
    hint: hint === null ? null : withoutSecrets(hint),
    where: { ...where, ...value },
  };
}

const errorDocument = (told: Told) => ({
  schema: 'trueup.error/1',
  exitCode: told.exitCode,
  code: told.code,
  message: told.message,
  where: {
    file: told.where.file ?? null,
    line: told.where.line ?? null,
    field: told.where.field ?? null,
    value: told.where.value ?? null,
  },
  rule: told.rule,
  hint: told.hint,
  retry: told.retry,
  ...(told.details === null ? {} : { details: told.details }),
});

export function errorLines(
  told: Pick<Told, 'code' | 'message' | 'where' | 'rule' | 'hint'>,
): readonly string[] {
  const { file, line } = told.where;
  const place = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
  const lines = [`error: ${place}${told.message} [${told.code}]`];
  if (told.rule !== null) lines.push(`  rule: ${told.rule}`);
  if (told.hint) lines.push(`  hint: ${told.hint}`);
  return lines;
}
