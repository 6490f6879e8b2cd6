/** The four services as a channel sees them: what a person would read there, and in what order. */
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import type { Instant } from '../../../src/model/instant.ts';
import type { AlertChannel } from '../../../src/service/alerts/alert.ts';
import { type EmailOptions, emailChannel } from '../../../src/service/alerts/email.ts';
import { slackChannel } from '../../../src/service/alerts/slack.ts';
import { telegramChannel } from '../../../src/service/alerts/telegram.ts';
import { webhookChannel } from '../../../src/service/alerts/webhook.ts';
import { systemClock, type WaitingClock } from '../../../src/service/system-clock.ts';
import { type Behaviour, type HttpService, httpService, type Request } from './http-service.ts';
import { mailOf, type ReadMail } from './read-mail.ts';

export interface Service {
  readonly channel: AlertChannel;
  /** What a person sees there: edits show in place. */
  readonly shown: () => readonly string[];
  /** How the next attempts are met. */
  readonly next: Behaviour[];
  readonly attempts: () => number;
  /** Markers that must never come out. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Waits for ever, until it is told that the time is over. */
class PatientClock implements WaitingClock {
  readonly #waiting = new Set<() => void>();

  now(): Instant {
    return systemClock.now();
  }

  after(_ms: number, work: () => void): () => void {
    this.#waiting.add(work);
    return () => this.#waiting.delete(work);
  }

  readonly isOver = (): void => {
    for (const work of this.#waiting) work();
  };
}

const timeoutMs = 60_000;

const signingKey = Buffer.from('marker-of-the-signing-secret').toString('base64');
export const webhookSecret = `whsec_${signingKey}`;

export interface WebhookService extends Service {
  readonly url: string;
  readonly secret: string;
  readonly requests: readonly Request[];
}

/** Takes only what the library of the specification itself verifies. */
export async function webhookService(): Promise<WebhookService> {
  const clock = new PatientClock();
  const taken: string[] = [];
  const service = await httpService(({ headers, body }) => {
    new Webhook(webhookSecret).verify(body, headers);
    const { data } = JSON.parse(body) as { data: object };
    taken.push(Object.values(data).flat().map(String).join('\n'));
    return { status: 204, body: '' };
  }, clock.isOver);
  const url = `${service.url}/marker-of-the-path?key=marker-of-the-query`;
  return {
    ...parts(service),
    ...{ url, secret: webhookSecret },
    channel: webhookChannel({ name: 'webhook', clock, timeoutMs, url, secret: webhookSecret }),
    shown: () => taken,
    secrets: [
      ...[webhookSecret, webhookSecret.slice(6), 'marker-of-the-signing-secret'],
      ...['marker-of-the-path', 'marker-of-the-query'],
    ],
    requests: service.requests,
  };
}

const parts = (service: HttpService) => ({
  next: service.next,
  attempts: () => service.requests.length,
  close: service.close,
});

export async function slackService(): Promise<Service> {
  const clock = new PatientClock();
  const texts: string[] = [];
  const service = await httpService(({ body }) => {
    const { text } = JSON.parse(body) as { text: string };
    texts.push(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
    return { status: 200, body: 'ok' };
  }, clock.isOver);
  const url = `${service.url}/services/T0MARKER1/B0MARKER2/marker-of-slack`;
  return {
    ...parts(service),
    channel: slackChannel({ name: 'slack', clock, timeoutMs, url }),
    shown: () => texts,
    secrets: ['T0MARKER1', 'B0MARKER2', 'marker-of-slack'],
  };
}

export interface TelegramService extends Service {
  readonly requests: readonly Request[];
  /** By the number of the message. */
  readonly texts: Map<number, string>;
}

const token = '123456789:AAmarker-of-telegram_token';

export async function telegramService(): Promise<TelegramService> {
  const clock = new PatientClock();
  const texts = new Map<number, string>();
  const no = (description: string) => ({
    status: 400,
    body: JSON.stringify({ ok: false, error_code: 400, description }),
  });
  const service = await httpService(({ path, body }) => {
    const { text, message_id: id } = JSON.parse(body) as { text: string; message_id?: number };
    if (text.length > 4096) return no('Bad Request: message is too long');
    if (path === `/bot${token}/editMessageText`) {
      if (!texts.has(id!)) return no('Bad Request: message to edit not found');
      if (texts.get(id!) === text) return no('Bad Request: message is not modified: the same');
      texts.set(id!, text);
      return { status: 200, body: JSON.stringify({ ok: true, result: { message_id: id } }) };
    }
    if (path !== `/bot${token}/sendMessage`) return { status: 404, body: '{"ok":false}' };
    texts.set(texts.size + 1, text);
    return { status: 200, body: JSON.stringify({ ok: true, result: { message_id: texts.size } }) };
  }, clock.isOver);
  const options = { token, chat: '-100200300', apiRoot: service.url };
  return {
    ...parts(service),
    channel: telegramChannel({ name: 'telegram', clock, timeoutMs, ...options }),
    shown: () => [...texts.values()],
    secrets: [token, 'AAmarker-of-telegram_token'],
    requests: service.requests,
    texts,
  };
}

export interface MailService extends Service {
  readonly mails: readonly ReadMail[];
  /** Passwords that were told to it. */
  readonly logins: readonly string[];
}

const password = 'marker-of-the-mail-password';

/** 4xx is later, 5xx is never; a server that is silent never answers the recipient. */
export async function mailService(
  changes: Partial<Pick<EmailOptions, 'to' | 'tls' | 'login'>> = {},
  isEncrypting = false,
): Promise<MailService> {
  const clock = new PatientClock();
  const mails: ReadMail[] = [];
  const logins: string[] = [];
  const next: Behaviour[] = [];
  let attempts = 0;
  const server = new SMTPServer({
    allowInsecureAuth: true,
    // What it encrypts with is a certificate that nobody vouches for.
    ...(isEncrypting ? {} : { disabledCommands: ['STARTTLS'] }),
    logger: false,
    closeTimeout: 100,
    onAuth({ username, password: given }, _session, done) {
      logins.push(given ?? '');
      if (given === password) done(null, { user: username });
      else done(Object.assign(new Error(`no: ${given}`), { responseCode: 535 }));
    },
    onMailFrom(_address, _session, done) {
      attempts += 1;
      const how = next.shift() ?? 'well';
      if (how === 'silent') return clock.isOver();
      const code = how === 'refusing' || how === 'elsewhere' ? 550 : 451;
      const said = `${how}: ${password} ${Buffer.from(`\0bot\0${password}`).toString('base64')}`;
      done(how === 'well' ? null : Object.assign(new Error(said), { responseCode: code }));
    },
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? new Error('no such mailbox') : null);
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(mailOf(Buffer.concat(chunks).toString('utf8')));
        done();
      });
    },
  });
  server.on('error', () => undefined); // a client that went away
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  const login = { user: 'bot', password };
  const from = 'Trueup <alerts@example.org>';
  const usual = { tls: 'none', login, to: ['ops@example.org'] } as const;
  const options = { host: '127.0.0.1', port, from, ...usual, ...changes };
  return {
    channel: emailChannel({ name: 'email', clock, timeoutMs, ...options }),
    shown: () => mails.map(({ subject, text }) => `${subject}\n${text}`),
    next,
    attempts: () => attempts,
    secrets: [password, Buffer.from(password).toString('base64')],
    mails,
    logins,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
