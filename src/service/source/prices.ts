/** Prices that somebody gives: in a file, or at an address that is asked for them. */
import { readFileSync } from 'node:fs';
import { type Clock, instantText, millisecondsBetween } from '../../model/instant.ts';
import { hostOf, secretsOfUrl, withoutThese } from '../redaction.ts';
import { type GivenPrice, pricesOf } from './price-text.ts';
import { SourceRefused } from './refused.ts';

export type { GivenPrice } from './price-text.ts';

export interface PriceSource {
  /** As people are told it: without a password or a key. */
  readonly name: string;
  /** Throws SourceRefused where it gives none. What has no time is of when it was asked for. */
  prices(symbols: readonly string[]): Promise<readonly GivenPrice[]>;
}

/** A quote service that takes longer is not one to wait for: the next run asks again. */
const answerMs = 10_000;
/** A million symbols fit; more is no answer to what was asked. */
const answerBytes = 32 * 1024 * 1024;
/** Clocks of machines differ by less where they are set at all. */
const aheadMs = 60_000;

/** `FILE` or `http(s)://...`. Throws SourceRefused. */
export function priceSource(from: string, clock: Clock): PriceSource {
  const isAddress = isPriceAddress(from);
  const name = isAddress ? nameOf(from) : from;
  return {
    name,
    async prices(symbols) {
      const asked = clock.now();
      const text = isAddress ? await answerOf(from, name, symbols) : textOf(from);
      return pricesOf(text, name).map((one) => {
        if (one.at !== null && millisecondsBetween(asked, one.at) > aheadMs) {
          throw refusal('price-ahead', `the price of ${one.symbol} is of the future`, name, {
            rule: 'a price is of the present or the past',
            hint: `it says ${instantText(one.at)}: look at the clocks of both machines`,
          });
        }
        // A file says nothing about when it was written; an answer is of now.
        return isAddress ? { ...one, at: one.at ?? asked } : one;
      });
    },
  };
}

export const isPriceAddress = (from: string): boolean => /^https?:\/\//i.test(from);

/** Keys stand in paths and behind question marks: people are told the host. Or SourceRefused. */
function nameOf(address: string): string {
  const url = URL.parse(address);
  const rule = 'an address of prices is a URL without user and password';
  // What cannot be read is not quoted either: nobody knows which part of it is a password.
  if (url === null) {
    throw refusal('prices-address-bad', 'the address of prices cannot be read', '--prices', {
      rule,
      hint: 'write it like https://quotes.example/prices?symbols={symbols}',
    });
  }
  if (url.username + url.password === '') return hostOf(address);
  throw refusal('prices-login', `${hostOf(address)} is given with a login`, hostOf(address), {
    rule,
    hint: 'give an address with a key in its path or query, or a file that a program keeps',
  });
}

interface Told {
  readonly rule: string;
  readonly hint: string;
}

const refusal = (code: string, message: string, file: string, told: Told, exitCode: 1 | 2 = 2) =>
  new SourceRefused({ code, message, where: { file }, ...told }, exitCode);

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refusal('file-unreadable', `${path} cannot be read: ${why}`, path, {
      rule: 'a file of prices exists and may be read',
      hint: 'check the path and its permissions',
    });
  }
}

async function answerOf(url: string, name: string, symbols: readonly string[]): Promise<string> {
  const list = symbols.map(encodeURIComponent).join(',');
  const asked = url.replaceAll('{symbols}', list);
  const silent = (why: string) =>
    refusal(
      'prices-unreachable',
      `${name} gave no prices: ${why}`,
      name,
      { rule: 'an address of prices answers within ten seconds', hint: 'try again later' },
      1,
    );
  try {
    // A redirect would take the key to a host that nobody named.
    const signal = AbortSignal.timeout(answerMs);
    const answer = await fetch(asked, { redirect: 'manual', signal });
    if (answer.status >= 300 && answer.status < 400) throw elsewhere(name, answer);
    if (!answer.ok) throw silent(`it answered ${answer.status}`);
    return await limitedText(answer, () => silent(`it answered more than ${answerBytes} bytes`));
  } catch (error) {
    if (error instanceof SourceRefused) throw error;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    // Messages of the network may hold the address, and the address a key.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw silent(withoutThese(why.replaceAll(asked, name), secretsOfUrl(asked)));
  }
}

function elsewhere(name: string, answer: Response): SourceRefused {
  const to = URL.parse(answer.headers.get('location') ?? '', answer.url);
  const where = to === null ? 'somewhere' : hostOf(to.href);
  return refusal('prices-moved', `${name} leads to ${where}`, name, {
    rule: 'prices are taken from the address that was given, and from no other',
    hint: 'give the address that it leads to, if it is one that you trust',
  });
}

async function limitedText(answer: Response, tooLong: () => SourceRefused): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
