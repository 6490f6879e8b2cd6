/** Random texts that prove who asks, and how they are kept: never as they are. */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, in letters that go into an address and a header. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const secretHash = (secret: string): string => hash('sha256', secret);

/** Whether two texts are the same; how long it takes does not say where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => hash('sha256', text, 'buffer'));
  return timingSafeEqual(one!, other!);
}

/** What only who knows the secret can say, for one purpose. */
export const derived = (secret: string, purpose: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url');
