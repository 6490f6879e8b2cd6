/** Opens a venue by the name that the settings give it. */
import { nearest } from '../../model/nearest.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import { ccxtVenue } from '../../venues/ccxt/ccxt-venue.ts';
import { ExchangeFailure } from '../../venues/ccxt/failure.ts';
import type { Venue } from '../../venues/venue.ts';
import { type Configuration, projectFileName, type Surroundings } from '../config.ts';
import { rest } from '../listening/asking.ts';
import type { WaitingClock } from '../system-clock.ts';
import { keysOf, type VenueKeys } from './keys.ts';
import { parseVenueSettings, type VenueSettings } from './settings.ts';

export interface OpenedVenue {
  readonly venue: Venue;
  readonly settings: VenueSettings;
}

export type OpenVenue = (
  name: string,
  configuration: Pick<Configuration, 'venues'>,
  around: Pick<Surroundings, 'environment' | 'home'>,
  clock: WaitingClock,
) => Promise<Result<OpenedVenue>>;

export const openVenue: OpenVenue = async (name, configuration, around, clock) => {
  const { value = {}, file = projectFileName } = configuration.venues ?? {};
  const read = parseVenueSettings(value, file);
  if (!read.ok) return read;
  const settings = read.value[name];
  if (settings === undefined) return refused(unknownVenue(name, Object.keys(read.value), file));
  if (settings.exchange === 'paper') return refused(paperElsewhere(name, file));
  const { keyFile = null, keyring = null } = settings;
  const keys = await keysOf({ venue: name, keyFile, keyring, settingsFile: file }, around);
  if (!keys.ok) return keys;
  return openExchange({ name, settings, keys: keys.value, clock, file });
};

/** Between requests to a server of this machine, which sets no limits for the sake of others. */
const localPaceMs = 1;

interface Wanted {
  readonly name: string;
  readonly settings: VenueSettings;
  readonly keys: VenueKeys | null;
  readonly clock: WaitingClock;
  readonly file: string;
}

async function openExchange(wanted: Wanted): Promise<Result<OpenedVenue>> {
  const { name, settings, keys, clock, file } = wanted;
  const { exchange, account, positionMode, readOnly, allowWithdrawals, symbols, url } = settings;
  const credentials =
    keys === null
      ? null
      : {
          key: keys.key,
          secret: keys.secret,
          ...(keys.passphrase === undefined ? {} : { passphrase: keys.passphrase }),
        };
  try {
    const venue = await ccxtVenue({
      ...{ name, account, exchange, positionMode, allowWithdrawals, symbols, credentials, clock },
      trading: !readOnly,
      wait: (ms, signal) => rest(clock, ms, signal ?? new AbortController().signal),
      ...(url === undefined ? {} : { local: url, paceMs: localPaceMs }),
      ...(settings.mode === undefined ? {} : { mode: settings.mode }),
    });
    return accepted({ venue, settings });
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    return refused({
      code: 'venue-unusable',
      message: `the venue ${name} cannot be opened: ${error.message}`,
      where: { file, field: `venues.${name}.exchange`, value: exchange },
      rule: 'an exchange is one that ccxt knows',
      hint: 'write the name that ccxt gives it, such as bybit or binanceusdm',
    });
  }
}

function unknownVenue(name: string, names: readonly string[], file: string): Refusal {
  const meant = nearest(name, names);
  const none = `add venues: {${name}: {exchange: bybit, account: main}} to ${file}`;
  return {
    code: 'venue-unknown',
    message: `there is no venue ${JSON.stringify(name)} in ${file}`,
    where: { file, field: 'venues', value: name },
    rule: 'a venue is one that the settings name',
    hint:
      meant !== null
        ? `did you mean ${meant}?`
        : names.length === 0
          ? none
          : `there is ${names.join(', ')}`,
  };
}

const paperElsewhere = (name: string, file: string): Refusal => ({
  code: 'venue-paper',
  message: `the venue ${name} is a paper exchange, which lives only as long as one command`,
  where: { file, field: `venues.${name}.exchange`, value: 'paper' },
  rule: 'a venue of the settings is there by itself, before and after a command',
  hint:
    'for a strategy on recorded data run trueup paper; for an exchange that stays, trueup ' +
    'emulator --data FILE, and here exchange "bybit" with its url and mode "paper"',
});
