import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../house/sources.ts';
import { hasData } from './data-folder.ts';
import { needs } from './needs-data.ts';
import { proofsTables, type Table } from './proofs-table.ts';

needs(hasData(''), 'real data');

/** All tables of a document: runs of lines that begin with a bar. */
const tablesIn = (markdown: string): readonly Table[] => {
  const tables: string[][] = [];
  let open = false;
  for (const line of markdown.split('\n')) {
    const isRow = line.startsWith('|');
    if (isRow && open) tables.at(-1)?.push(line);
    else if (isRow) tables.push([line]);
    open = isRow;
  }
  return tables;
};

test('R7 docs/PROOFS.md names every case, what ties and what is out of scope and why', () => {
  const document = readFileSync(join(root, 'docs', 'PROOFS.md'), 'utf8');
  expect(tablesIn(document)).toEqual(proofsTables());
});
