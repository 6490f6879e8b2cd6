/** Which test caught which mutant when `npm run mutants -- --update` ran last, as a list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../house/sources.ts';
import { mutants } from './mutants.ts';

export interface Caught {
  readonly file: string;
  readonly test: string;
}

export const caughtPath = join(root, 'test/simulation/mutants/caught.json');

/** Lines of docs/PROOFS.md. */
export function caughtLines(): readonly string[] {
  const caught = JSON.parse(readFileSync(caughtPath, 'utf8')) as Record<string, Caught>;
  return mutants.map(({ name }) => {
    const by = caught[name];
    return by === undefined ? `- ${name}: not caught` : `- ${name}: \`${by.file}\`, "${by.test}"`;
  });
}
