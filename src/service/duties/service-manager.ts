/**
 * What a service manager is told: that the service is ready, what it last said, that it is alive,
 * that it stops. Through `systemd-notify`; where there is no service manager, nothing happens.
 */
import { execFile } from 'node:child_process';
import { durationText } from '../duration.ts';
import type { WaitingClock } from '../system-clock.ts';

/** What the environment of a service says; config.ts reads it. */
export interface ManagerSettings {
  readonly socket: string;
  /** How long the manager waits for a sign of life; null: it does not. */
  readonly watchdogMs: number | null;
  /** Where programs are looked for. */
  readonly path: string;
}

export interface ServiceManager {
  ready(status: string): void;
  status(status: string): void;
  stopping(): void;
  /** A sign of life at half the time the manager waits, as long as `isAlive` says so. */
  watch(isAlive: () => boolean): void;
  /** Ends the signs of life, and what was told has arrived or failed. */
  close(): Promise<void>;
}

/** Sends a message; rejects where it could not. */
export type Notify = (messages: readonly string[]) => Promise<void>;

export function serviceManager(
  settings: ManagerSettings | null,
  clock: WaitingClock,
  tell: (line: string) => void,
  notify: Notify = settings === null ? async () => undefined : notifyBy(settings),
): ServiceManager {
  // One after the other: a status that is sent later must not arrive earlier.
  let queue = Promise.resolve();
  let isTold = false;
  let cancel = () => undefined as unknown;
  const failed = (error: unknown) => {
    if (isTold) return;
    isTold = true;
    const why = error instanceof Error ? error.message : String(error);
    tell(`the service manager cannot be told how the service is: ${why}`);
  };
  const send = (...messages: string[]) => {
    if (settings === null) return;
    queue = queue.then(() => notify(messages)).catch(failed);
  };
  return {
    ready: (status) => send('READY=1', statusOf(status)),
    status: (status) => send(statusOf(status)),
    stopping: () => send('STOPPING=1'),
    watch(isAlive) {
      const every = settings?.watchdogMs;
      if (!every) return;
      const again = () => {
        cancel = clock.after(Math.floor(every / 2), ping, 'background');
      };
      const ping = () => {
        if (isAlive()) send('WATCHDOG=1');
        else tell(`no sign of life: nothing moved; the service is ended in ${durationText(every)}`);
        again();
      };
      again();
    },
    close() {
      cancel();
      return queue;
    },
  };
}

/** One line, and not the whole report. */
const statusOf = (status: string): string => `STATUS=${status.replaceAll('\n', ' ').slice(0, 200)}`;

const notifyTimeoutMs = 5_000;

function notifyBy({ socket, path }: ManagerSettings): Notify {
  const options = { env: { NOTIFY_SOCKET: socket, PATH: path }, timeout: notifyTimeoutMs };
  return (messages) =>
    new Promise((resolve, reject) => {
      execFile('systemd-notify', [...messages], options, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
}
