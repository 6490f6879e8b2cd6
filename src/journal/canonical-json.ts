/** One text for one value: keys sorted, no spaces. What is hashed and stored is in this form. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  let text = '';
  if (isList(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(value[name]!)}`;
  }
  return `{${text}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The members that say something: null is what an absent one reads as. */
export function withoutNulls(members: Readonly<Record<string, Json>>): JsonObject {
  const told: Record<string, Json> = {};
  for (const name in members) {
    const value = members[name]!;
    if (value !== null) told[name] = value;
  }
  return told;
}
