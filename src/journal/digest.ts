/** Digests of texts. */
import { createHash } from 'node:crypto';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** 64 bits: enough to tell apart the few texts that share everything else of their key. */
export const shortDigest = (text: string): string => sha256(text).slice(0, 16);
