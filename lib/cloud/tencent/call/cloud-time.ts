/**
 * Converts the cloud's wall-clock text (`2024-12-17 17:52:48`, Beijing time) into an ISO instant. Empty text stays
 * empty: some objects have no such time.
 */
export function toInstant(text: string): string {
  if (text === '') return '';
  const time = new Date(`${text.replace(' ', 'T')}+08:00`);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

const beijingMs = 8 * 3_600_000;

/** Formats an instant (epoch ms) for monitoring: `2018-09-22T19:51:23+08:00`. */
export function toCloudTime(epochMs: number): string {
  return `${new Date(epochMs + beijingMs).toISOString().slice(0, 19)}+08:00`;
}
