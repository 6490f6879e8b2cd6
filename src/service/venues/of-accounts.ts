/** Which venue of the settings holds which account of the book. */
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Configuration } from '../config.ts';
import { parseVenueSettings } from './settings.ts';

/** Names of venues by account; accounts that no venue of the settings holds are left out. */
export function venuesOfAccounts(
  { venues }: Pick<Configuration, 'venues'>,
  accounts: readonly Account[],
): Result<ReadonlyMap<string, string>> {
  if (venues === null) return accepted(new Map());
  const read = parseVenueSettings(venues.value, venues.file);
  if (!read.ok) return read;
  const named = accounts.flatMap(({ name, venue }): readonly [string, string][] => {
    const settings = read.value[venue];
    const isHeld = settings?.account === name && settings.exchange !== 'paper';
    return isHeld ? [[name, venue]] : [];
  });
  return accepted(new Map(named));
}

/**
 * The account of a venue, as the book knows it; one of another venue or mode is never mixed in.
 * `chosen`: the account that somebody named; null: nobody did.
 */
export function accountAt(
  accounts: readonly Account[],
  venue: Venue,
  chosen: string | null,
): Result<Account> {
  const account = accounts.find(({ name }) => name === venue.account);
  if (account === undefined) return refused(unknownAccount(venue));
  if (chosen !== null && chosen !== account.name) return refused(otherAccount(venue, chosen));
  const { mode } = venue.capabilities;
  if (account.venue === venue.name && account.mode === mode) return accepted(account);
  const [ours, theirs] =
    account.venue === venue.name
      ? [account.mode, mode]
      : [`of the venue ${account.venue}`, `the venue ${venue.name}`];
  return refused({
    code: 'account-of-another-venue',
    message: `the account ${account.name} of the book is ${ours}, what was asked is ${theirs}`,
    where: { field: 'account', value: account.name },
    rule: 'an account is of one venue, and paper is never mixed with live',
    hint: 'name another account in the settings of the venue, or the venue as the book does',
  });
}

const otherAccount = ({ name, account }: Venue, chosen: string): Refusal => ({
  code: 'account-differs',
  message: `${name} holds ${account}, and --account names ${chosen}`,
  where: { field: '--account', value: chosen },
  rule: 'a venue is compared with the account that it holds',
  hint: 'leave --account out, or name its venue',
});

const unknownAccount = ({ name, account }: Venue): Refusal => ({
  code: 'account-unknown',
  message: `the venue ${name} holds the account ${account}, which the book does not have`,
  where: { field: 'account', value: account },
  rule: 'a venue is compared with an account of the book',
  hint: `book what it lists first: trueup update --venue ${name}`,
});
