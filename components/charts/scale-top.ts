const steps = [1, 2, 5] as const;

/**
 * Returns a stable top for a scale: the smallest of 1, 2, 5, 10, 20, … that covers all values, and the limit with room
 * above it for its label. It changes only when a value no longer fits.
 */
export function scaleTop(values: readonly number[], limit: number | null): number {
  const needed = Math.max(1, (limit ?? 0) * 1.2, ...values);
  const decade = 10 ** Math.floor(Math.log10(needed));
  return (steps.find((step) => step * decade >= needed) ?? 10) * decade;
}
