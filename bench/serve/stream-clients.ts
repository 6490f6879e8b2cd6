/**
 * Clients of a stream, in a process of their own: each connects, reads, and counts nothing but the
 * mark that ends a round. `node stream-clients.ts PORT PATH COUNT TOKEN`.
 */
import { connect } from 'node:net';

const [port, path, count, token] = process.argv.slice(2);
const mark = Buffer.from('round-done');
/** The mark is in the last event; whatever frames it is shorter than the rest of this. */
const tail = 200;
let connected = 0;
let done = 0;

for (let index = 0; index < Number(count); index += 1) {
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`,
  );
  let isHeard = false;
  socket.on('data', (chunk) => {
    if (!isHeard) {
      isHeard = true;
      connected += 1;
      if (connected === Number(count)) process.send?.('connected');
    }
    if (!chunk.subarray(-tail).includes(mark)) return;
    done += 1;
    if (done % Number(count) === 0) process.send?.('round');
  });
  socket.on('error', (error) => {
    console.error(`a client was cut off: ${error.message}`);
    process.exit(1);
  });
}
