/** An entry by its number; it opens whole, wherever it is named. */
import { open } from '../state/overlays.ts';

interface EntryLinkProps {
  readonly account: string;
  readonly sequence: number;
}

export function EntryLink({ account, sequence }: EntryLinkProps) {
  return (
    <button
      type="button"
      class="entry-link figures"
      title={`Entry ${sequence} of ${account}`}
      onClick={(event) => {
        event.stopPropagation();
        open({ name: 'entry', account, sequence });
      }}
    >
      #{sequence}
    </button>
  );
}
