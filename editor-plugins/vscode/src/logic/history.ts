/** The instructions typed before, the newest first. */

/** How many are kept. */
export const LIMIT = 50;

/** The history with an instruction put in front; it stands in it only once. */
export function remember(history: readonly string[], instruction: string): string[] {
  const text = instruction.trim();
  if (text === "") {
    return [...history];
  }
  return [text, ...history.filter((old) => old !== text)].slice(0, LIMIT);
}
