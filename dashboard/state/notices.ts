/** What was just done or failed, with a way back, until it is read or its time is over. */
import { signal } from '@preact/signals';

export interface Notice {
  readonly n: number;
  readonly tone: 'done' | 'failed';
  readonly words: string;
  readonly detail: string | null;
  readonly undo: { readonly label: string; readonly run: () => void } | null;
}

export const notices = signal<readonly Notice[]>([]);

let count = 0;
const doneMs = 12_000;

export function tell(notice: Omit<Notice, 'n'>): void {
  count += 1;
  const n = count;
  notices.value = [...notices.value.slice(-1), { ...notice, n }];
  if (notice.tone === 'done') setTimeout(() => dismiss(n), doneMs);
}

export function dismiss(n: number): void {
  notices.value = notices.value.filter((each) => each.n !== n);
}
