/** Venues beside the accounts of the book that they hold: each is asked while the others are. */
import { systemClock } from '../../service/system-clock.ts';
import { comparedWithVenue, type VenueOfAccount } from '../../service/venue-check/comparing.ts';
import type { TakingTimes } from '../../service/venue-check/taking.ts';
import { timesOf } from '../../service/venue-check/times.ts';
import { accountAt, venuesOfAccounts } from '../../service/venues/of-accounts.ts';
import type { OpenedVenue } from '../../service/venues/opening.ts';
import type { VenueSettings } from '../../service/venues/settings.ts';
import { durationOption, type Shell } from '../command.ts';
import { chosenAccounts, wanted } from '../open-book.ts';
import { Progress } from '../progress.ts';
import {
  type Comparing,
  type ComparingOptions,
  type ComparingRequest,
  comparedOf,
} from './reconcile-options.ts';
import { withVenues } from './venue-options.ts';

/** The one that was named, else those that the settings name for the chosen accounts. */
export function venueNames(shell: Shell, { reader, options }: ComparingRequest): readonly string[] {
  if (options.venue !== undefined) return [options.venue];
  const accounts = chosenAccounts(shell, reader);
  return [...wanted(venuesOfAccounts(shell.globals.configuration, accounts)).values()];
}

export const withVenuesCompared = <T>(
  shell: Shell,
  request: ComparingRequest,
  names: readonly string[],
  work: (comparing: Comparing) => Promise<T>,
): Promise<T> =>
  withVenues(shell, names, (opened) => work(comparingWith(shell, request, opened)), request.open);

function comparingWith(
  shell: Shell,
  request: ComparingRequest,
  opened: readonly OpenedVenue[],
): Comparing {
  const { reader, options, how, recorded, signal } = request;
  const chosen = shell.globals.configuration.account;
  const held = opened.map(({ venue, settings }) => {
    const account = wanted(accountAt(reader.file.accounts(), venue, chosen));
    const one: VenueOfAccount = { account, venue };
    return { one, times: askedTimes(options, settings) };
  });
  const isHeld = new Set(held.map(({ one }) => one.account.name));
  const usual = { clock: systemClock, signal, believesEmpty: options.believeEmpty === true };
  return {
    async instruments(name) {
      const found = held.find(({ one }) => one.venue.name === name);
      const answer = await found?.one.venue.instruments();
      // Without an answer symbols are those that the book knows; others stay unknown, and said.
      return answer?.status === 'answered' ? answer.value : [];
    },
    async compare() {
      const progress = new Progress(shell.terminal);
      progress.at(`asking ${held.map(({ one }) => one.venue.name).join(', ')}`);
      const asked = await Promise.all(
        held.map(({ one, times }) => comparedWithVenue(reader, one, how, { ...usual, times })),
      );
      const credentials = asked.some(({ taken }) => taken.credentials);
      if (options.venue !== undefined) return { compared: asked, credentials };
      const others = comparedOf(shell, reader, options, recorded);
      const unasked = others.filter(({ account }) => !isHeld.has(account.name));
      return { compared: [...asked, ...unasked], credentials };
    },
  };
}

function askedTimes({ settle }: ComparingOptions, settings: VenueSettings): Partial<TakingTimes> {
  const times = timesOf(settings);
  return settle === undefined ? times : { ...times, settleMs: durationOption('--settle', settle) };
}
