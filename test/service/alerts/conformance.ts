/** What every channel keeps, whatever its service: to be run on each against a local one. */
import { expect } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import type { Alert, AlertMessage, Delivery } from '../../../src/service/alerts/alert.ts';
import { openCase } from '../../../src/service/alerts/case.ts';
import type { Service } from './services.ts';

const at = instant('2026-01-12T10:00:00Z');

export const stale: Alert = {
  key: 'total-stale:falcon',
  name: 'total-stale',
  severity: 'medium',
  account: 'falcon',
  title: 'The stored total is not the truth',
  lines: ['Discrepancy: $211.69', 'next: trueup update --source sqlite:paper_trading.db'],
  at,
};

export const messageOf = (alert: Alert, changes: Partial<AlertMessage> = {}): AlertMessage => {
  const { openedAt, openedAs } = openCase(alert, at);
  const opened = { alert, phase: 'opened', reference: null, notify: true, cleared: null } as const;
  return { id: 'msg_1', openedAt, openedAs, ...opened, ...changes };
};

const cleared = { sentence: 'Repaired by trueup update.', at: instant('2026-01-12T10:06:30Z') };

/** Opened, changed, cleared: the messages a person sees at the end. */
export async function aWholeCase({ channel, shown }: Service): Promise<readonly string[]> {
  const opened = await channel.send(messageOf(stale));
  expect(opened).toMatchObject({ status: 'sent' });
  const { reference } = opened as Extract<Delivery, { status: 'sent' }>;
  const more = { ...stale, lines: ['Discrepancy: $250', ...stale.lines.slice(1)] };
  const follow = { reference, notify: false };
  const changed = messageOf(more, { ...follow, id: 'msg_2', phase: 'changed' });
  expect(await channel.send(changed)).toEqual({ status: 'sent', reference });
  const over = messageOf(more, { ...follow, id: 'msg_3', phase: 'cleared', cleared });
  expect(await channel.send(over)).toEqual({ status: 'sent', reference });
  return shown();
}

/** What a failure says, and whether it is worth another attempt. */
export async function failsAsAValue(service: Service): Promise<void> {
  const { channel, next, shown } = service;
  for (const [how, retry] of [
    ['busy', true],
    ['broken', true],
    ['refusing', false],
    ['silent', true],
    ['cut', true],
    ['elsewhere', false],
  ] as const) {
    next.push(how);
    const before = shown().length;
    const delivery = await channel.send(messageOf(stale));
    expect([how, delivery]).toEqual([how, expect.objectContaining({ status: 'failed', retry })]);
    expect(shown()).toHaveLength(before);
  }
  expect(await channel.send(messageOf(stale))).toMatchObject({ status: 'sent' });
}

export async function tellsNoSecret(service: Service): Promise<void> {
  const { channel, next, secrets } = service;
  for (const how of ['busy', 'broken', 'refusing', 'silent', 'cut', 'elsewhere'] as const) {
    next.push(how);
    expectNoSecret(JSON.stringify(await channel.send(messageOf(stale))), secrets);
  }
  await service.close();
  const unreachable = await channel.send(messageOf(stale));
  expect(unreachable).toMatchObject({ status: 'failed', retry: true });
  expectNoSecret(JSON.stringify(unreachable), secrets);
}

export function expectNoSecret(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) expect(text).not.toContain(secret);
}

/** Longer than any service takes, every character on two units, and full of markup. */
export async function takesAnyText({ channel, shown }: Service): Promise<string> {
  const title =
    'Übertrag *fehlt* <b>_[x](https://example.org)_</b> @here <!channel> 💥\r\nBcc: x@y.z';
  const lines = ['first 🟥', ...Array.from({ length: 500 }, () => '🟥'.repeat(60))];
  const message = messageOf({ ...stale, title, lines });
  expect(await channel.send(message)).toMatchObject({ status: 'sent' });
  const text = shown().at(-1)!;
  expect(text).toContain('Übertrag *fehlt* <b>_[x](https://example.org)_</b> @here <!channel> 💥');
  expect(text).toContain('first 🟥');
  expect(text).toContain('…');
  expect(text.isWellFormed()).toBe(true);
  return text;
}

export async function saysPaper({ channel, shown }: Service): Promise<string> {
  expect(await channel.send(messageOf({ ...stale, paper: true }))).toMatchObject({
    status: 'sent',
  });
  return shown().at(-1)!;
}
