/**
 * Alerts to an address of the operator's own, signed as the Standard Webhooks specification says:
 * the id stays the same however often a message is sent, so that nobody acts on it twice.
 */
import { Webhook } from 'standardwebhooks';
import {
  type Instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
} from '../../model/instant.ts';
import { secretsOfUrl } from '../redaction.ts';
import type { AlertChannel, AlertMessage } from './alert.ts';
import { type Posting, post } from './poster.ts';
import { cut } from './wording.ts';

export interface WebhookOptions extends Posting {
  readonly name: string;
  readonly url: string;
  /** `whsec_` and base64; null: what is sent is not signed. */
  readonly secret: string | null;
}

/** Receivers are told to expect at most 20 kB. */
const lineMax = 1_000;
const linesMax = 12;

/** Document `trueup.alert/1`. */
export function webhookDocument({ id, alert, phase, openedAt, cleared }: AlertMessage) {
  const left = alert.lines.length - linesMax;
  const lines = alert.lines.slice(0, linesMax).map((line) => cut(line, lineMax));
  return {
    schema: 'trueup.alert/1',
    id,
    type: `alert.${phase}`,
    timestamp: instantText(cleared?.at ?? alert.at),
    data: {
      key: cut(alert.key, lineMax),
      name: alert.name,
      severity: alert.severity,
      account: alert.account,
      paper: alert.paper === true,
      title: cut(alert.title, lineMax),
      lines: left > 0 ? [...lines, `… ${left} more`] : lines,
      openedAt: instantText(openedAt),
      clearedAt: instantTextOrNull(cleared?.at ?? null),
      clearedBecause: cleared === null ? null : cut(cleared.sentence, lineMax),
    },
  };
}

export function webhookChannel(options: WebhookOptions): AlertChannel {
  const { name, url, secret, clock } = options;
  const signer = secret === null ? null : new Webhook(secret);
  const secrets = [...secretsOfUrl(url), ...(secret === null ? [] : secretsOf(secret))];
  return {
    name,
    async send(message) {
      const body = JSON.stringify(webhookDocument(message));
      const headers = headersOf(signer, message.id, clock.now(), body);
      const posted = await post({ url, body, headers, secrets }, options);
      if (posted.status === 'posted') return { status: 'sent', reference: null };
      const { http: _, ...failure } = posted;
      return failure;
    },
  };
}

function headersOf(signer: Webhook | null, id: string, at: Instant, body: string) {
  const seconds = Math.floor(millisecondsBetween(0n, at) / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    ...(signer === null
      ? {}
      : { 'webhook-signature': signer.sign(id, new Date(seconds * 1000), body) }),
  };
}

const prefix = 'whsec_';

const secretsOf = (secret: string): readonly string[] => [secret, secret.replace(prefix, '')];

/** Base64 of at least 24 bytes, as the specification asks for; the prefix may be left out. */
export function isWebhookSecret(secret: string): boolean {
  const key = secret.replace(prefix, '');
  return /^[A-Za-z0-9+/]{4,}={0,2}$/.test(key) && Buffer.from(key, 'base64').length >= 24;
}
