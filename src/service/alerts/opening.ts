/** Opens the desk with the channels that the settings name, and their secrets. */
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import type { Configuration, Surroundings } from '../config.ts';
import type { Log } from '../log.ts';
import { hostOf } from '../redaction.ts';
import { type Environment, secretOf } from '../secrets.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { AlertChannel } from './alert.ts';
import { openAlertDesk, type StandingDesk, type Telling } from './desk.ts';
import { alertStateFileOf } from './desk-state.ts';
import { emailChannel } from './email.ts';
import type { Posting } from './poster.ts';
import {
  type AlertSettings,
  type ChannelSettings,
  isAddress,
  parseAlertSettings,
} from './settings.ts';
import { slackChannel } from './slack.ts';
import { telegramChannel } from './telegram.ts';
import { isWebhookSecret, webhookChannel } from './webhook.ts';

/** A channel as people are shown it. */
export interface OpenChannel extends AlertChannel {
  readonly type: ChannelSettings['type'];
  /** Never with a secret. */
  readonly target: string;
}

export interface OpenedAlerts {
  readonly settings: AlertSettings;
  readonly channels: readonly OpenChannel[];
}

/** One channel from this variable alone: an address that takes a POST. */
export const webhookVariable = 'TRUEUP_ALERT_WEBHOOK';

/** A service that takes longer is tried again later; a duty waits for it. */
const timeoutMs = 3_000;

export function openAlerts(
  { alerts }: Pick<Configuration, 'alerts'>,
  { environment }: Pick<Surroundings, 'environment'>,
  clock: WaitingClock,
): Result<OpenedAlerts> {
  const own = ofVariable(environment);
  if (!own.ok) return own;
  const { value = {}, file = webhookVariable } = alerts ?? {};
  const listed = 'channels' in value ? value.channels : [];
  const all = Array.isArray(listed) ? { ...value, channels: [...listed, ...own.value] } : value;
  const read = parseAlertSettings(all, file);
  if (!read.ok) return read;
  const channels: OpenChannel[] = [];
  for (const one of read.value.channels) {
    const opened = openChannel(one, { environment, clock });
    if (!opened.ok) return opened;
    channels.push(opened.value);
  }
  return accepted({ settings: read.value, channels });
}

export const tellingOf = ({ settings, channels }: OpenedAlerts): Telling => ({
  channels,
  alertMinSeverity: settings.minSeverity,
});

/** The desk of a book. */
export const openDeskOf = (
  alerts: OpenedAlerts,
  options: { readonly book: string; readonly clock: WaitingClock; readonly log?: Log },
): StandingDesk =>
  openAlertDesk({
    ...tellingOf(alerts),
    stateFile: alertStateFileOf(options.book),
    clock: options.clock,
    ...(options.log === undefined ? {} : { log: options.log }),
  });

/** The channel of the variable, as the settings file would name it. */
function ofVariable(environment: Environment): Result<readonly object[]> {
  const read = secretOf(webhookVariable, environment);
  if (!read.ok) return read;
  const { value: url } = read;
  if (url === null) return accepted([]);
  if (isAddress(url)) return accepted([{ name: 'webhook', type: 'webhook', url }]);
  return refused({
    code: 'alerts-bad',
    message: `${webhookVariable} is no address`,
    where: { field: webhookVariable },
    rule: 'an address of alerts is http or https, with no login',
    hint: 'write it like https://hooks.example.org/trueup',
  });
}

const secretNames = {
  webhook: 'TRUEUP_WEBHOOK_SECRET',
  slack: 'TRUEUP_SLACK_URL',
  telegram: 'TRUEUP_TELEGRAM_TOKEN',
  email: 'TRUEUP_SMTP_PASSWORD',
} as const;

type Opener = { readonly environment: Environment; readonly clock: WaitingClock };

function openChannel(one: ChannelSettings, { environment, clock }: Opener): Result<OpenChannel> {
  const secretName = one.secret ?? secretNames[one.type];
  const read = secretOf(secretName, environment);
  if (!read.ok) return read;
  const opened = channelOf(one, read.value, { name: one.name, clock, timeoutMs });
  if (typeof opened === 'string') return refused(secretRefusal(one, secretName, opened));
  const { channel, target } = opened;
  const { type, minSeverity, threshold } = one;
  return accepted({
    ...channel,
    ...{ type, target },
    ...(minSeverity === undefined ? {} : { minSeverity }),
    ...(threshold === undefined ? {} : { threshold }),
  });
}

interface Named extends Posting {
  readonly name: string;
}

/** The channel and where it leads, or what is wrong with its secret. */
function channelOf(
  one: ChannelSettings,
  secret: string | null,
  named: Named,
): { readonly channel: AlertChannel; readonly target: string } | string {
  switch (one.type) {
    case 'webhook': {
      if (secret !== null && !isWebhookSecret(secret))
        return 'is not whsec_ and base64 of 24 bytes';
      const target = `${hostOf(one.url)}${secret === null ? ', not signed' : ''}`;
      return { channel: webhookChannel({ ...named, url: one.url, secret }), target };
    }
    case 'slack': {
      if (secret === null) return 'is not set';
      if (!isAddress(secret)) return 'is no address';
      return { channel: slackChannel({ ...named, url: secret }), target: hostOf(secret) };
    }
    case 'telegram': {
      if (secret === null) return 'is not set';
      if (!/^\d+:[\w-]+$/.test(secret)) return 'is no token of a bot';
      const { chat, apiRoot } = one;
      const channel = telegramChannel({ ...named, token: secret, chat, apiRoot });
      return { channel, target: `chat ${chat}` };
    }
    case 'email': {
      const { user, host, port, tls, from, to } = one;
      if (user !== undefined && secret === null) return 'is not set';
      const login = user === undefined ? null : { user, password: secret! };
      const channel = emailChannel({ ...named, host, port, tls, login, from, to });
      return { channel, target: `${to.join(', ')} by ${host}:${port}` };
    }
  }
}

const secretRefusal = (one: ChannelSettings, secretName: string, why: string): Refusal => ({
  code: 'secret-missing',
  message: `the alert channel "${one.name}" cannot be opened: ${secretName} ${why}`,
  where: { field: secretName },
  rule: 'a secret comes from a variable, a file that a variable names, or a credential of systemd',
  hint: `set ${secretName}, or ${secretName}_FILE to the path of a file that holds it`,
});
