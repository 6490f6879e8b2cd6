/** The thread that reads for the service: it opens the book itself, and does one task at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { StoreError, type StoreErrorCode } from '../../../store/store-error.ts';
import { BookReader, servingCacheBytes } from '../../reading.ts';
import { systemClock } from '../../system-clock.ts';
import { type Asked, runTask, type TaskName } from './tasks.ts';

export interface TaskMessage {
  readonly id: number;
  readonly name: TaskName;
  readonly asked: unknown;
}

export type TaskAnswer =
  | { readonly id: number; readonly value: unknown }
  /** An error loses its class between threads. */
  | { readonly id: number; readonly fault: Fault };

export interface Fault {
  readonly message: string;
  readonly stack: string;
  /** Of what the file refuses, or the world; null: a fault of ours. */
  readonly store: { readonly code: StoreErrorCode; readonly hint: string } | null;
}

const { path } = workerData as { readonly path: string };
/** Opened by the first task, which is told what is wrong with the file. */
let reader: BookReader | null = null;

parentPort?.on('message', ({ id, name, asked }: TaskMessage) => {
  parentPort!.postMessage(answerTo(id, name, asked));
});

function answerTo(id: number, name: TaskName, asked: unknown): TaskAnswer {
  try {
    reader ??= new BookReader(path, systemClock, { cacheBytes: servingCacheBytes });
    return { id, value: runTask(reader, name, asked as Asked<typeof name>) };
  } catch (error) {
    return { id, fault: faultOf(error) };
  }
}

function faultOf(error: unknown): Fault {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const store = error instanceof StoreError ? { code: error.code, hint: error.hint } : null;
  return { message, stack, store };
}
