/** How duties tell alerts: what should be open is raised, and what is open beside it is cleared. */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Severity } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import type { Alert, AlertDesk } from '../alerts/alert.ts';
import type { Log } from '../log.ts';

/** Every name that duties raise, each a section of docs/runbook.md. */
export const alertNames = [
  'balance-wrong',
  'repair-overwritten',
  'total-unknown',
  'prices-old',
  'guard-altered',
  'source-unreachable',
  'source-locked',
  'source-unreadable',
  'source-not-written',
  'duty-failed',
  'performance-not-recorded',
  'report-not-written',
  'runs-missed',
  'duty-stuck',
  'log-unwritable',
  'facts-missing',
  'listener-down',
  'exit-not-made',
  'break-open',
  'check-unsaid',
  'gate-denied',
  'repair-large',
  'rows-wait',
  'book-replaced',
] as const;

export type AlertName = (typeof alertNames)[number];

export interface Told {
  readonly key: string;
  readonly name: AlertName;
  readonly severity: Severity;
  readonly account?: string | null;
  readonly title: string;
  readonly lines: readonly string[];
  /** Unsigned; absent where nothing can be said of it. */
  readonly atStake?: Decimal;
}

/** A desk that sends later what it could not send at once. */
export interface FlushedDesk extends AlertDesk {
  flush(): Promise<void>;
}

/** Of one source: cases of a family begin with its key, and no case with that of another. */
export const caseKey = (family: string, source: string, id = ''): string =>
  `${family}/${source}/${id === '' ? '' : `${id}/`}`;

export const alertOf = (told: Told, at: Instant): Alert => ({ account: null, ...told, at });

/** Of the cases whose key begins so, exactly the wanted ones are open afterwards. */
export async function settle(
  alerts: AlertDesk,
  prefix: string,
  wanted: readonly Told[],
  cleared: string,
  at: Instant,
): Promise<void> {
  const keys = new Set(wanted.map(({ key }) => key));
  for (const key of alerts.open(prefix)) {
    if (!keys.has(key)) await alerts.clear(key, cleared, at);
  }
  for (const told of wanted) await alerts.raise(alertOf(told, at));
}

/** An alert that cannot be given is logged: no duty fails because of it. */
export function safely(alerts: FlushedDesk, log: Log): FlushedDesk {
  const failed = (key: string) => (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    log.error({ event: 'alert.failed', msg: `Alert ${key} could not be given: ${why}` });
  };
  return {
    raise: (alert) => alerts.raise(alert).catch(failed(alert.key)),
    clear: (key, sentence, at) => alerts.clear(key, sentence, at).catch(failed(key)),
    open: (prefix) => alerts.open(prefix),
    flush: () => alerts.flush().catch(failed('messages')),
  };
}
