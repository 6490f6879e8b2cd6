/**
 * Alerts to a Telegram chat: one message per case, edited in place. An edit makes no sound, so
 * what a person must notice is a reply to it instead. Text is plain: no markup can be injected.
 */
import type { AlertChannel, AlertMessage, Delivery, Failed } from './alert.ts';
import { type Posting, post, type Refused } from './poster.ts';
import { plainText } from './wording.ts';

export interface TelegramOptions extends Posting {
  readonly name: string;
  readonly token: string;
  /** Its number, or @name of a channel. */
  readonly chat: string;
  readonly apiRoot: string;
}

/** The Bot API's limit, in UTF-16 units. */
const textMax = 4_096;

export function telegramChannel(options: TelegramOptions): AlertChannel {
  return {
    name: options.name,
    async send(message) {
      const { reference, notify } = message;
      if (reference === null || notify) return sent(options, message);
      const edited = await edit(options, message, reference);
      return edited ?? sent(options, message);
    },
  };
}

const call = ({ token, apiRoot, ...posting }: TelegramOptions, method: string, body: object) =>
  post(
    {
      url: `${apiRoot}/bot${token}/${method}`,
      body: JSON.stringify({ ...body, link_preview_options: { is_disabled: true } }),
      // The part behind the colon alone lets nobody in, but it is nobody's business either.
      secrets: [token, ...token.split(':').slice(1)],
    },
    posting,
  );

async function sent(options: TelegramOptions, message: AlertMessage): Promise<Delivery> {
  const { reference } = message;
  const reply = reference === null ? null : Number(reference);
  const posted = await call(options, 'sendMessage', {
    chat_id: options.chat,
    text: plainText(message, textMax),
    // The message that is answered may have been deleted.
    ...(reply === null
      ? {}
      : { reply_parameters: { message_id: reply, allow_sending_without_reply: true } }),
  });
  if (posted.status === 'failed') return failureOf(posted);
  return { status: 'sent', reference: messageIdOf(posted.body) };
}

/** Null: the message is gone, or too old to be edited. */
async function edit(
  options: TelegramOptions,
  message: AlertMessage,
  reference: string,
): Promise<Delivery | null> {
  const posted = await call(options, 'editMessageText', {
    chat_id: options.chat,
    message_id: Number(reference),
    text: plainText(message, textMax),
  });
  if (posted.status === 'posted') return { status: 'sent', reference };
  const said = answerOf(posted.http?.body ?? '').description ?? '';
  // An edit whose answer was lost is done already.
  if (said.includes('message is not modified')) return { status: 'sent', reference };
  const isGone = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/.test(said);
  return isGone ? null : failureOf(posted);
}

interface Answer {
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number };
  readonly result?: { readonly message_id?: number };
}

function answerOf(body: string): Answer {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {}; // not the Bot API, but something before it: its status says what there is to say
  }
}

/** Null where the answer names none: then it cannot be edited, and what follows is a message. */
function messageIdOf(body: string): string | null {
  const id = answerOf(body).result?.message_id;
  return typeof id === 'number' ? String(id) : null;
}

function failureOf({ http, ...failure }: Refused): Failed {
  const seconds = answerOf(http?.body ?? '').parameters?.retry_after;
  return typeof seconds === 'number' ? { ...failure, afterMs: seconds * 1000 } : failure;
}
