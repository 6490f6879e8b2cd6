/** A person is told where the book is not the one that the service left. */
import type { Instant } from '../../model/instant.ts';
import type { AlertDesk } from '../alerts/alert.ts';
import { caseKey, settle, type Told } from '../duties/alerting.ts';

/** `why` null: the book is the one that was left. */
export async function settleHead(
  alerts: AlertDesk,
  book: string,
  why: string | null,
  at: Instant,
): Promise<void> {
  const key = caseKey('head', book);
  const lines = [
    'An older file was put back, or its end was cut off. Every gate denies until it is said which',
    'book is meant: restore the newer one, or trueup serve --accept-head.',
  ];
  const title = `The book is not the one that the service left: ${why}`;
  const told: Told = { key, name: 'book-replaced', severity: 'critical', title, lines };
  await settle(alerts, key, why === null ? [] : [told], 'the book is the one that was left', at);
}
