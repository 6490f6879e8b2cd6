/** Every command, in the order in which help lists them. */
import type { Registry } from './command.ts';
import { addBook } from './commands/book.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addInit } from './commands/init.ts';

export const commands: readonly ((registry: Registry) => void)[] = [
  addInit,
  addImport,
  addBook,
  addExport,
];
