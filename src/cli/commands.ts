/**
 * Every command, in the order in which help lists them. What a command needs is loaded when it is
 * run: nobody waits for the drivers and formats of another one.
 */
import type { Registry } from './command.ts';

export type AddCommand = (registry: Registry) => void;

export const commands = {
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  start: async () => (await import('./commands/start.ts')).addStart,
  init: async () => (await import('./commands/init.ts')).addInit,
  import: async () => (await import('./commands/import.ts')).addImport,
  book: async () => (await import('./commands/book.ts')).addBook,
  check: async () => (await import('./commands/check.ts')).addCheck,
  investigate: async () => (await import('./commands/investigate.ts')).addInvestigate,
  sync: async () => (await import('./commands/sync.ts')).addSync,
  gate: async () => (await import('./commands/gate.ts')).addGate,
  approve: async () => (await import('./commands/approve.ts')).addApprove,
  snooze: async () => (await import('./commands/snooze.ts')).addSnooze,
  accept: async () => (await import('./commands/accept.ts')).addAccept,
  policy: async () => (await import('./commands/policy.ts')).addPolicy,
  update: async () => (await import('./commands/update.ts')).addUpdate,
  listen: async () => (await import('./commands/listen.ts')).addListen,
  venue: async () => (await import('./commands/venue.ts')).addVenue,
  exits: async () => (await import('./commands/exits.ts')).addExits,
  balance: async () => (await import('./commands/balance.ts')).addBalance,
  performance: async () => (await import('./commands/performance.ts')).addPerformance,
  guard: async () => (await import('./commands/guard.ts')).addGuard,
  adopt: async () => (await import('./commands/adopt.ts')).addAdopt,
  report: async () => (await import('./commands/report.ts')).addReport,
  alert: async () => (await import('./commands/alert.ts')).addAlert,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  export: async () => (await import('./commands/export.ts')).addExport,
  paper: async () => (await import('./commands/paper.ts')).addPaper,
  emulator: async () => (await import('./commands/emulator.ts')).addEmulator,
  rehearse: async () => (await import('./commands/rehearse.ts')).addRehearse,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  rebuild: async () => (await import('./commands/rebuild.ts')).addRebuild,
  backup: async () => (await import('./commands/backup.ts')).addBackup,
  restore: async () => (await import('./commands/restore.ts')).addRestore,
  serve: async () => (await import('./commands/serve.ts')).addServe,
  token: async () => (await import('./commands/token.ts')).addToken,
  schedule: async () => (await import('./commands/schedule.ts')).addSchedule,
  service: async () => (await import('./commands/service.ts')).addService,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  config: async () => (await import('./commands/config.ts')).addConfig,
} as const satisfies Readonly<Record<string, () => Promise<AddCommand>>>;

export type CommandName = keyof typeof commands;

export const commandNames = Object.keys(commands) as readonly CommandName[];
