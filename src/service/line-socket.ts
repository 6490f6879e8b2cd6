/** Sockets that carry one text a line. */
import type { Socket } from 'node:net';

/** Calls `take` with each whole line; what the other side never ended is dropped with it. */
export function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    // A long line is put together once, and not again with every piece of it.
    if (!chunk.includes('\n')) {
      rest += chunk;
      return;
    }
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(line);
  });
}
