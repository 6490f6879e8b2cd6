/** Rows of cells; quoted cells may hold commas and doubled quotes, but no line break. */
export const csvRows = (text: string): readonly (readonly string[])[] =>
  text.replaceAll('\r', '').split('\n').map(cellsOf);

const CELL = /"((?:[^"]|"")*)"|([^,]*)/y;

const cellsOf = (line: string): readonly string[] => {
  const cells: string[] = [];
  let position = 0;
  while (position <= line.length) {
    CELL.lastIndex = position;
    const match = CELL.exec(line);
    cells.push(match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '');
    position += (match?.[0].length ?? 0) + 1;
  }
  return cells;
};
