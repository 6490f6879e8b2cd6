/** A fault script: JSON that says what goes wrong, and when. Its seed makes it repeat. */
import { z } from 'zod';
import { type FaultName, type FaultRow, faultNames, faultTable, type Parameters } from './table.ts';

/** When a fault applies; all that are given must hold. */
export interface When {
  /** Only this one of what is counted, from 1. */
  readonly nth?: number | undefined;
  readonly every?: number | undefined;
  /** The share of what is counted, from the script's seed. */
  readonly chance?: number | undefined;
  /** So often and then no more. */
  readonly times?: number | undefined;
  /** Milliseconds since the emulator started. */
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

export type Fault = {
  [Name in FaultName]: { readonly fault: Name; readonly when: When } & Parameters<Name>;
}[FaultName];

export type FaultOf<Name extends FaultName> = Extract<Fault, { fault: Name }>;

export interface FaultScript {
  readonly seed: number;
  readonly faults: readonly Fault[];
}

export const noFaults: FaultScript = { seed: 1, faults: [] };

const count = z.int().min(1).max(1_000_000_000);
const when = z.strictObject({
  nth: count.optional(),
  every: count.optional(),
  chance: z.number().min(0).max(1).optional(),
  times: count.optional(),
  fromMs: z.int().min(0).optional(),
  untilMs: z.int().min(0).optional(),
});

export type ReadScript =
  | { readonly ok: true; readonly script: FaultScript }
  | { readonly ok: false; readonly faults: readonly string[] };

/** The script a text holds, or everything that is wrong with it, one sentence each. */
export function readScript(text: string): ReadScript {
  const parsed = parsedJson(text);
  if (typeof parsed === 'string') return { ok: false, faults: [parsed] };
  const top = z.strictObject({ seed: z.int().min(0), faults: z.array(z.unknown()) });
  const read = top.safeParse(parsed.value);
  if (!read.success) return { ok: false, faults: sentences('the script', read.error) };
  const wrong: string[] = [];
  const faults = read.data.faults.flatMap((entry, index) => {
    const one = readFault(entry, `fault ${index + 1}`);
    if (!Array.isArray(one)) return [one];
    wrong.push(...one);
    return [];
  });
  if (wrong.length > 0) return { ok: false, faults: wrong };
  return { ok: true, script: { seed: read.data.seed, faults } };
}

/** One fault as a script writes it, with its defaults; or what is wrong with it. */
export function readFault(entry: unknown, where: string): Fault | string[] {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return [`${where} is no object; write {"fault": "drop", "when": {"nth": 3}}`];
  const { fault, when: condition, ...rest } = entry as Record<string, unknown>;
  if (!isName(fault)) {
    const known = faultNames.join(', ');
    return [`${where}: "fault" is ${JSON.stringify(fault) ?? 'absent'}; the names are ${known}`];
  }
  const told = `${where} (${fault})`;
  const { parameters }: FaultRow = faultTable[fault];
  const own = parameters.safeParse(rest);
  const at = when.safeParse(condition ?? {});
  const wrong = [
    ...(own.success ? [] : sentences(told, own.error)),
    ...(at.success ? [] : sentences(`${told}, when`, at.error)),
  ];
  if (!own.success || !at.success) return wrong;
  return { fault, when: at.data, ...own.data } as Fault;
}

const isName = (name: unknown): name is FaultName =>
  typeof name === 'string' && Object.hasOwn(faultTable, name);

function sentences(where: string, error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => {
    const at = path.length === 0 ? '' : ` "${path.join('.')}":`;
    return `${where}:${at} ${message}`;
  });
}

function parsedJson(text: string): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return `the script is no JSON: ${error.message}`;
    throw error;
  }
}
