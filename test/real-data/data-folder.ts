import { existsSync, readdirSync, readFileSync } from 'node:fs';

// The real data lies beside the repository, never inside it; see its README for licences.
const ROOT = new URL('../../../shared/data/', import.meta.url);

/** A fact as docs/reference describes it: one object of the NDJSON exchange format. */
export type Fact = Readonly<Record<string, unknown>>;

export interface Loaded<Expected> {
  readonly facts: readonly Fact[];
  readonly expected: Expected;
}

/** Is this part of the data there? Tests skip, and say so, where it is not. */
export const hasData = (path: string): boolean => existsSync(new URL(path, ROOT));

export const readData = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

export const listData = (path: string): readonly string[] =>
  readdirSync(new URL(path, ROOT)).toSorted();
