import { z } from 'zod';

/** One of the launcher's processes, as health shows it. */
const PartReport = z.object({
  name: z.string(),
  state: z.enum(['starting', 'up', 'failing', 'stopped']),
  /** UTC. */
  since: z.iso.datetime(),
  /** Why it is failing; null in every other state. */
  reason: z.string().nullable(),
});

/** What the launcher tells the dashboard over its channel each time it changes. */
const LauncherReport = z.object({
  type: z.literal('launcher'),
  parts: z.array(PartReport),
  /** The disks that data and database are on. */
  disks: z.array(
    z.object({
      folder: z.string(),
      freeBytes: z.number(),
      sizeBytes: z.number(),
      state: z.enum(['ok', 'low', 'full']),
    }),
  ),
  /** Lines of the log file that could not be written since the launcher started. */
  logLinesLost: z.int(),
});
export type LauncherReport = z.infer<typeof LauncherReport>;

/** On `globalThis`, because Next loads this module beside the program that hears the launcher. */
const holder = globalThis as typeof globalThis & { spillwayLauncherReport?: LauncherReport };

/** Keeps what the launcher says about its parts; other messages are none of this. */
export function noteLauncherReport(message: unknown): void {
  const parsed = LauncherReport.safeParse(message);
  if (parsed.success) holder.spillwayLauncherReport = parsed.data;
}

/** Returns what the launcher said last; null in a dashboard that no launcher has started. */
export function launcherReport(): LauncherReport | null {
  return holder.spillwayLauncherReport ?? null;
}
