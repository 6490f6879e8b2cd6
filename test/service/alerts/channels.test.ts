import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { webhookDocument } from '../../../src/service/alerts/webhook.ts';
import { ageText, cut } from '../../../src/service/alerts/wording.ts';
import { blocksOf } from '../../house/documents.ts';
import { root } from '../../house/sources.ts';
import {
  aWholeCase,
  failsAsAValue,
  messageOf,
  saysPaper,
  stale,
  takesAnyText,
  tellsNoSecret,
} from './conformance.ts';
import {
  mailService,
  type Service,
  slackService,
  telegramService,
  webhookService,
} from './services.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const one of services.splice(0)) await one.close();
});

async function opened<S extends Service>(open: () => Promise<S>): Promise<S> {
  const service = await open();
  services.push(service);
  return service;
}

const limits = { webhook: 20_000, email: 30_000, telegram: 4_096, slack: 4_000 } as const;

describe.each([
  ['webhook', webhookService],
  ['email', mailService],
  ['telegram', telegramService],
  ['slack', slackService],
] as const)('%s', (name, open: () => Promise<Service>) => {
  test('A3 tells what becomes of a case: in place where it can, else by name', async () => {
    const shown = await aWholeCase(await opened(open));
    const last = shown.at(-1)!;
    expect(shown).toHaveLength(name === 'telegram' ? 1 : 3);
    expect(last).toContain('Repaired by trueup update.');
    expect(last).toContain('The stored total is not the truth');
    expect(last).toContain('falcon');
    if (name !== 'webhook') expect(last).toContain('was open 6 min');
    if (name !== 'telegram') expect(shown[1]).toContain('Discrepancy: $250');
  });

  test('A6 a failure is a value that says whether to try again', async () => {
    await failsAsAValue(await opened(open));
  });

  test('A7 no secret is told, whatever the service answers', async () => {
    await tellsNoSecret(await opened(open));
  });

  test('A11 any text arrives as text, cut where the service would refuse it', async () => {
    const text = await takesAnyText(await opened(open));
    expect(text.length).toBeLessThanOrEqual(limits[name]);
  });

  test('A11 PAPER is said of a paper account', async () => {
    expect(await saysPaper(await opened(open))).toContain(name === 'webhook' ? 'true' : 'PAPER');
  });
});

test('A8 an attempt is signed, and has the id of the message and its own time', async () => {
  const { channel, requests } = await opened(webhookService);
  await channel.send(messageOf(stale, { id: 'msg_7' }));
  await channel.send(messageOf(stale, { id: 'msg_7' }));
  expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual(['msg_7', 'msg_7']);
  expect(requests[0]!.headers['webhook-signature']).toMatch(/^v1,[\w+/]+=*$/);
  expect(requests[0]!.headers['webhook-timestamp']).toMatch(/^\d{10}$/);
  expect(JSON.parse(requests[0]!.body)).toEqual({
    schema: 'trueup.alert/1',
    id: 'msg_7',
    type: 'alert.opened',
    timestamp: '2026-01-12T10:00:00Z',
    data: {
      key: 'total-stale:falcon',
      name: 'total-stale',
      severity: 'medium',
      account: 'falcon',
      paper: false,
      title: 'The stored total is not the truth',
      lines: ['Discrepancy: $211.69', 'next: trueup update --source sqlite:paper_trading.db'],
      openedAt: '2026-01-12T10:00:00Z',
      clearedAt: null,
      clearedBecause: null,
    },
  });
});

test('A8 the reference shows the body as it is posted', () => {
  const page = readFileSync(join(root, 'docs', 'reference', 'alert.md'), 'utf8');
  const [example] = blocksOf(page);
  const cleared = { sentence: 'Repaired by trueup update.', at: instant('2026-01-12T10:06:30Z') };
  const message = messageOf(stale, { phase: 'cleared', cleared });
  expect(webhookDocument(message)).toEqual(JSON.parse(example!.text));
});

test('A9 mails of a case are one thread, with one subject', async () => {
  const service = await opened(mailService);
  await aWholeCase(service);
  const [first, second, third] = service.mails.map(({ headers, subject }) => ({
    id: headers['message-id'],
    to: headers['in-reply-to'],
    subject,
  }));
  const subject = '[trueup] falcon — The stored total is not the truth';
  expect(first).toMatchObject({ to: undefined, subject });
  expect(second).toMatchObject({ to: first!.id, subject: `Re: ${subject}` });
  expect(third).toMatchObject({ to: first!.id, subject: `Re: ${subject}` });
  expect(new Set([first!.id, second!.id, third!.id]).size).toBe(3);
});

test('A9 a mail that comes twice has one id, and both forms say the same', async () => {
  const { channel, mails } = await opened(mailService);
  const title = 'less < more & "quoted"';
  await channel.send(messageOf({ ...stale, title }));
  await channel.send(messageOf({ ...stale, title }));
  expect(mails[0]!.headers['message-id']).toBe(mails[1]!.headers['message-id']);
  expect(mails[0]!.text).toContain(title);
  expect(mails[0]!.html).toContain('less &lt; more &amp; "quoted"');
});

test('A9 a recipient that is refused is told, and the others have it', async () => {
  const service = await opened(() =>
    mailService({ to: ['ops@example.org', 'nobody@example.org'] }),
  );
  expect(await service.channel.send(messageOf(stale))).toMatchObject({
    status: 'sent',
    warning: 'the mail server refused 1 of 2 recipients',
  });
  expect(service.mails).toHaveLength(1);
});

test.each([
  ['does not encrypt', false, 'does not encrypt'],
  ['nobody vouches for', true, 'is not trusted'],
])('A7 a password is told to no mail server that %s', async (_what, isEncrypting, why) => {
  const service = await opened(() => mailService({ tls: 'required' }, isEncrypting));
  expect(await service.channel.send(messageOf(stale))).toMatchObject({
    status: 'failed',
    why: expect.stringContaining(why),
    retry: false,
  });
  expect(service.logins).toEqual([]);
});

test('A7 a login that is refused is told without what was tried', async () => {
  const login = { user: 'bot', password: 'marker-of-another-password' };
  const service = await opened(() => mailService({ login }));
  const failed = await service.channel.send(messageOf(stale));
  expect(failed).toMatchObject({ status: 'failed', retry: false });
  expect(JSON.stringify(failed)).toContain('the mail server refused the login');
  expect(service.logins).toEqual(['marker-of-another-password']);
  expect(JSON.stringify(failed)).not.toContain('marker-of-another-password');
});

describe('A10 Telegram', () => {
  test('A10 what a person must notice is a reply, not an edit', async () => {
    const { channel, requests, texts } = await opened(telegramService);
    await channel.send(messageOf(stale));
    const worse = messageOf({ ...stale, severity: 'high' }, { reference: '1', phase: 'changed' });
    expect(await channel.send(worse)).toEqual({ status: 'sent', reference: '2' });
    expect(texts.size).toBe(2);
    expect(JSON.parse(requests[1]!.body)).toMatchObject({
      reply_parameters: { message_id: 1, allow_sending_without_reply: true },
    });
    expect(JSON.parse(requests[0]!.body)).not.toHaveProperty('parse_mode');
  });

  test('A10 a message that somebody deleted is sent anew', async () => {
    const { channel, shown } = await opened(telegramService);
    const changed = messageOf(stale, { reference: '77', notify: false, phase: 'changed' });
    expect(await channel.send(changed)).toEqual({ status: 'sent', reference: '1' });
    expect(shown()).toHaveLength(1);
  });

  test('A10 an edit whose answer was lost is done', async () => {
    const { channel } = await opened(telegramService);
    await channel.send(messageOf(stale));
    const same = messageOf(stale, { reference: '1', notify: false });
    expect(await channel.send(same)).toEqual({ status: 'sent', reference: '1' });
  });
});

test('A6 Retry-After is passed on, in seconds or as a date', async () => {
  for (const open of [webhookService, telegramService, slackService]) {
    const { channel, next } = await opened<Service>(open);
    next.push('busy');
    expect(await channel.send(messageOf(stale))).toMatchObject({ afterMs: 2_000 });
    next.push('busy-until');
    const { afterMs } = (await channel.send(messageOf(stale))) as { afterMs: number };
    expect(afterMs).toBeLessThanOrEqual(2_000);
  }
});

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['a💥b', 3, 'a…'], // the half that fits goes as well
  ['💥', 1, '…'],
  ['abc', 0, '…'],
])('A11 %j cut at %i', (text, max, expected) => {
  expect(cut(text, max)).toBe(expected);
});

test.each([
  ['2026-01-12T10:00:40Z', '40 s'],
  ['2026-01-12T10:06:59Z', '6 min'],
  ['2026-01-12T12:05:00Z', '2 h 5 min'],
  ['2026-01-15T14:00:00Z', '3 d 4 h'],
  ['2026-01-14T10:00:00Z', '2 d'],
  ['2026-01-12T09:00:00Z', '0 s'],
])('A11 until %s it is open for %s', (to, expected) => {
  expect(ageText(instant('2026-01-12T10:00:00Z'), instant(to))).toBe(expected);
});
