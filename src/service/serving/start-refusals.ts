/** What settings ask of the service that it could not do: said before it starts, and by a check. */
import { nearest } from '../../model/nearest.ts';
import type { Refusal } from '../../model/result.ts';
import type { Environment } from '../secrets.ts';
import { bindingRefusal, type ServeSettings } from './settings.ts';
import { tlsRefusal } from './tls.ts';

export interface StartSurroundings {
  /** Of the key `serve`. */
  readonly file: string;
  /** The host is that of a flag, and stands in no file. */
  readonly isHostGiven?: boolean;
  /** Names of the key `venues`. */
  readonly venues: readonly string[];
  readonly environment: Environment;
}

/** The first of each kind; no file is read, and nothing is opened. */
export function startRefusals(
  settings: Pick<ServeSettings, 'host' | 'tls' | 'proxy' | 'venues'>,
  { file, isHostGiven = false, venues, environment }: StartSurroundings,
): readonly Refusal[] {
  const placed = (one: Refusal): Refusal => ({ ...one, where: { ...one.where, file } });
  const exposed = bindingRefusal(settings);
  const rest = [
    tlsRefusal(settings, environment),
    venueRefusal(settings.venues ?? [], venues),
  ].filter((one) => one !== null);
  return [
    ...(exposed === null ? [] : [isHostGiven ? exposed : placed(exposed)]),
    ...rest.map(placed),
  ];
}

function venueRefusal(asked: readonly string[], known: readonly string[]): Refusal | null {
  const index = asked.findIndex((name) => !known.includes(name));
  if (index < 0) return null;
  const name = asked[index]!;
  const meant = nearest(name, known);
  const all = known.length === 0 ? 'add it to venues' : `there is ${known.join(', ')}`;
  return {
    code: 'venue-unknown',
    message: `there is no venue ${JSON.stringify(name)} in venues`,
    where: { field: `serve.venues[${index}]`, value: name },
    rule: 'serve.venues names venues of the settings',
    hint: meant === null ? all : `did you mean ${meant}?`,
  };
}
