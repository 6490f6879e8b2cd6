import { describeSource } from './conformance.ts';
import { sqliteWorld } from './sqlite-world.ts';

describeSource('SQLite with a rollback journal', (tables) => sqliteWorld(tables));
describeSource('SQLite in WAL mode', (tables) => sqliteWorld(tables, 'wal'));
