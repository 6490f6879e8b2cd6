/** Copies a text, and says that it did. */
import { useState } from 'preact/hooks';

export function CopyButton({ label, text }: { readonly label: string; readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="copy" title={`Copy: ${text}`} onClick={() => void copy()}>
      {isCopied ? 'copied' : label}
    </button>
  );
}
