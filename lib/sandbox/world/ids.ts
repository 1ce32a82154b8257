/**
 * Returns a cloud id with eight characters after its prefix, such as `loc-ho6lvh8m`, scattered so that consecutive ones
 * look unrelated. The factor shares no divisor with 36, so two numbers below 36^8 never give the same id.
 */
export function cloudId(prefix: string, number: number): string {
  const scattered = (BigInt(number) * 1_000_003_019_327n + 17_171_717_171n) % 36n ** 8n;
  return `${prefix}-${scattered.toString(36).padStart(8, '0')}`;
}
