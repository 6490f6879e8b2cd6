/** Names of files that are made beside a book. */
import { type Instant, instantText } from '../model/instant.ts';

/** `trueup.db` at 09:00 becomes `trueup.db.before-rebuild-2026-11-20T090000Z`. */
export const stampedPath = (path: string, word: string, at: Instant): string =>
  `${path}.${word}-${instantText(at - (at % 1_000_000_000n)).replaceAll(':', '')}`;
