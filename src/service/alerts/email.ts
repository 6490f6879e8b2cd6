/** Alerts by mail: text and HTML, and one thread for each case. */
import type { SendMailOptions, SMTPTransportOptions } from 'nodemailer';
import { sha256 } from '../../journal/digest.ts';
import { withoutThese } from '../redaction.ts';
import type { AlertChannel, AlertMessage, Delivery, Failed } from './alert.ts';
import { networkFault, type Posting } from './poster.ts';
import { cut, oneLine, wordingOf } from './wording.ts';

export interface EmailOptions extends Posting {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `required`: a server that cannot encrypt gets nothing. */
  readonly tls: 'required' | 'none';
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
}

/** The port on which servers expect an encrypted connection from the first byte. */
const implicitTlsPort = 465;
const subjectMax = 200;
/** Mail has no limit of its own; more than this nobody reads. */
const textMax = 20_000;
const quotedMax = 200;

export function emailChannel(options: EmailOptions): AlertChannel {
  const { name, clock, timeoutMs } = options;
  return {
    name,
    async send(message) {
      // It takes as long to load as the rest of a command, and most commands send no mail.
      const { createTransport } = await import('nodemailer');
      const abort = new AbortController();
      const cancel = clock.after(timeoutMs, () => abort.abort());
      try {
        const mail = { ...mailOf(options, message), signal: abort.signal };
        const { rejected } = await createTransport(transportOf(options)).sendMail(mail);
        return deliveryOf(message.reference ?? mail.messageId, rejected.length, options);
      } catch (error) {
        return failureOf(error, options, abort.signal.aborted);
      } finally {
        cancel();
      }
    },
  };
}

/** Nothing is sent again to those who have it: that others do not is told beside it. */
function deliveryOf(reference: string, refused: number, { to }: EmailOptions): Delivery {
  if (refused === 0) return { status: 'sent', reference };
  const warning = `the mail server refused ${refused} of ${to.length} recipients`;
  return { status: 'sent', reference, warning };
}

const transportOf = (options: EmailOptions): SMTPTransportOptions => {
  const { host, port, tls, login, timeoutMs } = options;
  return {
    host,
    port,
    secure: port === implicitTlsPort,
    requireTLS: tls === 'required',
    ignoreTLS: tls === 'none',
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // Nothing in a message makes the sender read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};

function mailOf({ from, to }: EmailOptions, message: AlertMessage) {
  const { id, alert, reference, phase } = message;
  const { headline, lines, footer } = wordingOf(message);
  const kept = cut(lines.join('\n'), textMax).split('\n');
  const subject = subjectOf(message);
  const thread =
    reference === null
      ? { subject }
      : { subject: `Re: ${subject}`, inReplyTo: reference, references: [reference] };
  return {
    ...thread,
    from,
    to: [...to],
    messageId: `<${sha256(id).slice(0, 32)}@${domainOf(from)}>`,
    text: `${[headline, '', ...kept, '', footer].join('\n')}\n`,
    html: htmlOf(headline, kept, footer),
    headers: { 'auto-submitted': 'auto-generated', 'x-trueup-alert': `${alert.name}; ${phase}` },
  } satisfies SendMailOptions;
}

/** That of the opening in all mails of a case: some readers tie threads by their subject. */
function subjectOf({ alert, openedAs }: AlertMessage): string {
  const who = [...(alert.paper === true ? ['PAPER'] : []), alert.account ?? ''].join(' ').trim();
  return cut(oneLine(`[trueup] ${who === '' ? '' : `${who} — `}${openedAs}`), subjectMax);
}

/** Of `Trueup <alerts@example.org>` or the address alone. */
const domainOf = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? 'trueup.invalid';

const htmlOf = (headline: string, lines: readonly string[], footer: string): string =>
  `<h3>${escaped(headline)}</h3>\n` +
  `${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}\n` +
  `<p><small>${escaped(footer)}</small></p>\n`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What another attempt cannot change. */
const lasting: Readonly<Record<string, string>> = {
  EAUTH: 'the mail server refused the login',
  ENOAUTH: 'the mail server wants a login',
  ETLS: 'the mail server does not encrypt as is required',
  EENVELOPE: 'the mail server refused the sender or every recipient',
  EMESSAGE: 'the mail server refused the message',
};

function failureOf(error: unknown, { login, timeoutMs }: EmailOptions, isLate: boolean): Failed {
  if (isLate) return { status: 'failed', why: `no answer within ${timeoutMs} ms`, retry: true };
  const {
    code = '',
    responseCode,
    response,
  } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly response?: string;
  };
  const secrets = login === null ? [] : [login.password, `\0${login.user}\0${login.password}`];
  const said = cut(oneLine(withoutThese(response ?? '', secrets)).trim(), quotedMax);
  const isTrusted = !(error instanceof Error && /certificate/i.test(error.message));
  const last = isTrusted ? lasting[code] : 'the certificate of the mail server is not trusted';
  const known = last ?? networkFault(error);
  // 4xx of SMTP is later, 5xx is never; without an answer it may be the network.
  const retry = responseCode === undefined ? last === undefined : responseCode < 500;
  return { status: 'failed', why: said === '' ? known : `${known}: ${said}`, retry };
}
