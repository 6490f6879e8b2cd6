/** The shape of what comes, under its real headings. */
export function Skeleton({
  heads,
  rows = 6,
}: {
  readonly heads: readonly string[];
  readonly rows?: number;
}) {
  return (
    <div class="skeleton" role="status" aria-label="Reading">
      <div class="skeleton-row skeleton-heads">
        {heads.map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      {Array.from({ length: rows }, (_, row) => (
        <div class="skeleton-row" key={row}>
          {heads.map((head) => (
            <i key={head} />
          ))}
        </div>
      ))}
    </div>
  );
}
