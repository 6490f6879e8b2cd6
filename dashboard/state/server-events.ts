/** Server-sent events out of a body that comes in pieces. */

export interface ServerEvent {
  readonly id: string | null;
  readonly name: string;
  readonly data: string;
}

/** `alive` is called for each piece, comments as well. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as TextPipe).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop()!;
    for (const block of blocks) {
      const event = eventIn(block);
      if (event !== null) yield event;
    }
  }
}

type TextPipe = ReadableWritablePair<string, Uint8Array>;

/** Null: a comment, or how long to wait before coming back. */
export function eventIn(block: string): ServerEvent | null {
  let id: string | null = null;
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'id') id = value!;
    if (field === 'event') name = value!;
    if (field === 'data') data.push(value!);
  }
  return data.length === 0 ? null : { id, name, data: data.join('\n') };
}
