/** The word somebody probably meant: for hints only, never to decide anything. */

/** Letters to insert, remove or replace to make one word of the other. */
export function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = before[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      now.push(Math.min(replaced, before[column]! + 1, now[column - 1]! + 1));
    }
    before = now;
  }
  return before[b.length]!;
}

/** The choice nearest to the word, case aside; null when none is near. The first of equals. */
export function nearest(word: string, choices: Iterable<string>): string | null {
  const lower = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  // A long word cannot be near to any of ours, and the distance costs their product.
  if (word.length > 60) return null;
  for (const choice of choices) {
    if (Math.abs(choice.length - word.length) >= bestDistance) continue;
    const distance = editDistance(lower, choice.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [choice, distance];
  }
  return best;
}
