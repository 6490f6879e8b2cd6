/** The schema `monitoring` in SQLite files, with either journal. */

import { describePositions } from './conformance.ts';
import { sqliteMonitoring } from './ground.ts';

describePositions('SQLite, rollback journal', sqliteMonitoring('delete'));
describePositions('SQLite, WAL', sqliteMonitoring('wal'));
