/**
 * Text as bytes that are kept. Small buffers are usually cut out of a larger block that others
 * share, which stays as long as any of them: one that is kept for hours would hold all of it.
 */
export function ownBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
