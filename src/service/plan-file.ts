/** The plans that somebody looked at: a hash, or the document of `sync --json` in a file. */
import { readFileSync, statSync } from 'node:fs';
import { accepted, type Result, refused } from '../model/result.ts';

/** One hash, or as many as the document has accounts. */
export function plansNamed(text: string): Result<readonly string[]> {
  if (/^[0-9a-f]{4,64}$/.test(text)) return accepted([text]);
  const hashes = hashesInFile(text);
  if (hashes.length > 0) return accepted(hashes);
  return refused({
    code: 'plan-unknown',
    message: `${text} is neither the hash of a plan nor a file that holds one`,
    where: { field: '--plan', value: text },
    rule: 'a plan is named by its hash, or by the document that sync --json printed',
    hint: 'sync prints the hash; four digits of it are enough',
  });
}

interface Planned {
  readonly plan?: unknown;
}

interface PlanDocument {
  readonly accounts?: readonly Planned[];
  /** Of a bot's rows, whose plan is one of its own. */
  readonly source?: Planned & { readonly accounts?: readonly Planned[] };
}

function hashesInFile(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return [];
  try {
    const document = JSON.parse(readFileSync(path, 'utf8')) as PlanDocument | null;
    if (!Array.isArray(document?.accounts)) return [];
    const { accounts, source } = document;
    const ofRows = source === undefined ? [] : [source, ...(source.accounts ?? [])];
    const all = [...accounts, ...ofRows];
    return all.map(({ plan }) => plan).filter((plan) => typeof plan === 'string');
  } catch {
    return []; // no JSON: the caller says what a plan would be
  }
}
