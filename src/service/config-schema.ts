/**
 * Every setting there is, as one schema: files are validated by it, editors complete by the JSON
 * Schema that is made from it, and the reference page is its table.
 */
import { z } from 'zod';
import type { Refusal } from '../model/result.ts';
import { isZone } from '../model/zone.ts';
import { alertsSchema, parseAlertSettings } from './alerts/settings.ts';
import { type Configuration, defaults } from './config.ts';
import { type Section, type SectionName, sectionNames, withLine } from './config-file.ts';
import { duration, says, text } from './config-values.ts';
import { parsePolicy, policySchema } from './policy/settings.ts';
import type { Environment } from './secrets.ts';
import { parseServeSettings, serveSchema } from './serving/settings.ts';
import { startRefusals } from './serving/start-refusals.ts';
import { parseVenueSettings, venuesSchema } from './venues/settings.ts';

export const settingsSchema = z.strictObject({
  book: text.optional().meta(says('the book', defaults.book)),
  account: text.optional().meta(says('the account', 'the only one, or all')),
  markMaxAge: duration('24h')
    .optional()
    .meta(says('how old a price may be to value with', defaults.markMaxAge)),
  source: text.optional().meta(says("the database of a bot, such as 'sqlite:bot.db'")),
  sourceTimezone: z
    .string('is a text')
    .refine(isZone, 'is a time zone such as "Europe/Berlin"')
    .optional()
    .meta(says('of times there that have no offset', 'detected')),
  venues: venuesSchema.optional().meta(says('places where orders execute, by name')),
  policy: policySchema.optional().meta(says('how far repairs go without a person')),
  alerts: alertsSchema.optional().meta(says('whom alerts tell, and of what')),
  serve: serveSchema.optional().meta(says('where the service listens, and what it does')),
});

/** A JSON Schema, as far as settings need it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  /** In words, where there is no default that could be written. */
  readonly 'x-default'?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** What may be written, not what it is read as. */
export const jsonSchema = (): JsonSchema =>
  ({
    title: 'Settings of trueup: trueup.yaml, or config.yaml of a user',
    ...z.toJSONSchema(settingsSchema, { io: 'input' }),
  }) as JsonSchema;

const parsers: Readonly<
  Record<SectionName, (section: Section) => { readonly ok: boolean; readonly refusal?: Refusal }>
> = {
  venues: ({ value, file }) => parseVenueSettings(value, file),
  policy: ({ value, file }) => parsePolicy(value, file),
  alerts: ({ value, file }) => parseAlertSettings(value, file),
  serve: ({ value, file }) => parseServeSettings(value, file),
};

/** What `serve` would refuse at its start, of settings that can be read. */
export function serveFaults(
  configuration: Configuration,
  environment: Environment,
): readonly Refusal[] {
  const { serve, venues } = configuration;
  const read = serve && parseServeSettings(serve.value, serve.file);
  if (!read?.ok) return [];
  const known = Object.keys(venues?.value ?? {});
  return startRefusals(read.value, { file: serve!.file, venues: known, environment }).map((one) =>
    withLine(one, configuration),
  );
}

/** What is wrong inside sections, the first of each; also of those that another file hides. */
export function settingsFaults(configuration: Configuration): readonly Refusal[] {
  const { files } = configuration;
  return sectionNames.flatMap((name) => {
    const inForce = configuration[name];
    const written = files.flatMap(({ sections }) => sections[name] ?? []);
    const hidden = written.filter(({ file }) => inForce?.file.startsWith(file) !== true);
    return [...(inForce === null ? [] : [inForce]), ...hidden].flatMap((section) => {
      const { refusal } = parsers[name](section);
      return refusal === undefined ? [] : [withLine(refusal, configuration)];
    });
  });
}
