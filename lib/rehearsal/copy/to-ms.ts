/** Converts an instant of a snapshot to epoch ms; `unknown` if it has none. */
export function toMs(instant: string | null, unknown: number): number {
  const ms = Date.parse(instant ?? '');
  return Number.isNaN(ms) ? unknown : ms;
}
