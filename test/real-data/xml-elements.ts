// Enough XML for IB Flex statements: elements that carry all they say in attributes.

export interface XmlElement {
  readonly name: string;
  /** An attribute that is absent or empty is the empty text. */
  readonly get: (attribute: string) => string;
}

const ELEMENT = /<([A-Za-z]\w*)((?:\s+[\w.:-]+="[^"]*")*)\s*\/?>/g;
const ATTRIBUTE = /([\w.:-]+)="([^"]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
};

const decoded = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);

/** All elements of the text, in its order, whatever their depth. */
export const xmlElements = (text: string): readonly XmlElement[] =>
  [...text.matchAll(ELEMENT)].map(([, name = '', body = '']) => {
    const pairs = [...body.matchAll(ATTRIBUTE)];
    const attributes = new Map(pairs.map(([, key = '', value = '']) => [key, decoded(value)]));
    return { name, get: (attribute) => attributes.get(attribute) ?? '' };
  });
