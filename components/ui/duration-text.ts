const unitS: Readonly<Record<string, number>> = { h: 3600, min: 60, s: 1 };

/** Parses seconds from `1 h 30 min`, `5 min`, `90 s`; a bare number is minutes. Returns null if it is none of these. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 60;
  if (!/^(\d+\s*(h|min|s)\s*)+$/.test(trimmed)) return null;
  return [...trimmed.matchAll(/(\d+)\s*(h|min|s)\s*/gy)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (unitS[unit] ?? 1),
    0,
  );
}

/** Formats whole seconds as `1 h 30 min`, `5 min`, `1 min 30 s` or `0 s`, which `parseDuration` accepts. */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.round(seconds) % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ') || '0 s'
  );
}
