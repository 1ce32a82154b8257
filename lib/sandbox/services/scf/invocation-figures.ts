/** The billed time of a call in ms: up to the next 100 (https://cloud.tencent.com/document/api/583/17244#FunctionLog). */
export function billedMs(durationMs: number): number {
  return Math.ceil(durationMs / 100) * 100;
}

/** The memory that a call used, in bytes, as the API has it. */
export function memoryBytes(memoryMb: number): number {
  return Math.round(memoryMb * 1024 * 1024);
}
