/**
 * Returns the billed duration of a call in ms: rounded up to the next 100
 * (https://cloud.tencent.com/document/api/583/17244#FunctionLog).
 */
export function billedMs(durationMs: number): number {
  return Math.ceil(durationMs / 100) * 100;
}

/** Returns the memory that a call used, in bytes, as the API shows it. */
export function memoryBytes(memoryMb: number): number {
  return Math.round(memoryMb * 1024 * 1024);
}
