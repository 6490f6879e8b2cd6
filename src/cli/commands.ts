/** Every command, in the order in which help lists them. */
import type { Registry } from './command.ts';
import { addAdopt } from './commands/adopt.ts';
import { addAlert } from './commands/alert.ts';
import { addApprove } from './commands/approve.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addBalance } from './commands/balance.ts';
import { addBook } from './commands/book.ts';
import { addCheck } from './commands/check.ts';
import { addConfig } from './commands/config.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmulator } from './commands/emulator.ts';
import { addExport } from './commands/export.ts';
import { addGuard } from './commands/guard.ts';
import { addImport } from './commands/import.ts';
import { addInit } from './commands/init.ts';
import { addInvestigate } from './commands/investigate.ts';
import { addListen } from './commands/listen.ts';
import { addPaper } from './commands/paper.ts';
import { addPerformance } from './commands/performance.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addRehearse } from './commands/rehearse.ts';
import { addReport } from './commands/report.ts';
import { addRestore } from './commands/restore.ts';
import { addSchedule } from './commands/schedule.ts';
import { addService } from './commands/service.ts';
import { addStart } from './commands/start.ts';
import { addSync } from './commands/sync.ts';
import { addUpdate } from './commands/update.ts';
import { addVenue } from './commands/venue.ts';
import { addVerify } from './commands/verify.ts';

export const commands: readonly ((registry: Registry) => void)[] = [
  addStart,
  addInit,
  addImport,
  addBook,
  addCheck,
  addInvestigate,
  addSync,
  addApprove,
  addUpdate,
  addListen,
  addVenue,
  addBalance,
  addPerformance,
  addGuard,
  addAdopt,
  addReport,
  addAlert,
  addAudit,
  addExport,
  addPaper,
  addEmulator,
  addRehearse,
  addVerify,
  addRebuild,
  addBackup,
  addRestore,
  addSchedule,
  addService,
  addDoctor,
  addConfig,
];
