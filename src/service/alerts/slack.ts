/** Alerts to Slack by an incoming webhook: it cannot edit, so what follows names its case. */

import { secretsOfUrl } from '../redaction.ts';
import type { AlertChannel } from './alert.ts';
import { type Posting, post } from './poster.ts';
import { plainText } from './wording.ts';

export interface SlackOptions extends Posting {
  readonly name: string;
  /** Whoever has it may post: a secret. */
  readonly url: string;
}

/** What Slack recommends; it takes ten times as much, and escaping makes it longer. */
const textMax = 4_000;

export function slackChannel(options: SlackOptions): AlertChannel {
  const { name, url } = options;
  const secrets = secretsOfUrl(url);
  return {
    name,
    async send(message) {
      const text = escaped(plainText(message, textMax));
      const body = JSON.stringify({ text, mrkdwn: false, unfurl_links: false });
      const posted = await post({ url, body, secrets }, options);
      if (posted.status === 'posted') return { status: 'sent', reference: null };
      const { http: _, ...failure } = posted;
      return failure;
    },
  };
}

/** What would be a link, or call everybody in the channel, stays text. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
