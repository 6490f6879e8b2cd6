/** Keys, and what they sign: HMAC-SHA256 in hexadecimal. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ApiKey {
  readonly key: string;
  readonly secret: string;
  readonly readOnly: boolean;
  readonly canWithdraw: boolean;
}

export const signatureOf = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

export function isSignature(told: string, secret: string, text: string): boolean {
  const own = Buffer.from(signatureOf(secret, text));
  const other = Buffer.from(told);
  return own.length === other.length && timingSafeEqual(own, other);
}
