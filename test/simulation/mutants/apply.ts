/** A mutant in its file. */
import type { Mutant } from './mutants.ts';

/** Throws where the place is not there exactly once: then the mutant has to be written anew. */
export function mutated(text: string, { name, file, from, to }: Mutant): string {
  const parts = text.split(from);
  if (parts.length === 2) return parts.join(to);
  throw new Error(`"${name}": its place is ${parts.length - 1} times in ${file}`);
}
