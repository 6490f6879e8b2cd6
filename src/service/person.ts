/** Who is at the keyboard, for the audit trail. */
import { userInfo } from 'node:os';

/** The user's name as the system knows it; null where it knows none (some containers). */
export function personName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null; // no entry for the user id: nothing better is known
  }
}
