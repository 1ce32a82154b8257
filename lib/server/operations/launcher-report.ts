import { z } from 'zod';

/** A process of the launcher, for the health report. */
const PartReport = z.object({
  name: z.string(),
  state: z.enum(['starting', 'up', 'failing', 'stopped']),
  /** UTC. */
  since: z.iso.datetime(),
  /** The reason for the failure; null in every other state. */
  reason: z.string().nullable(),
});

/** The report that the launcher sends to the dashboard over its channel on each change. */
const LauncherReport = z.object({
  type: z.literal('launcher'),
  parts: z.array(PartReport),
  /** The disks of the data and the database. */
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

/**
 * On `globalThis`, because Next loads this module separately from the program that receives the launcher's messages.
 */
const holder = globalThis as typeof globalThis & { spillwayLauncherReport?: LauncherReport };

/** Stores the launcher's report about its parts; ignores other messages. */
export function storeLauncherReport(message: unknown): void {
  const parsed = LauncherReport.safeParse(message);
  if (parsed.success) holder.spillwayLauncherReport = parsed.data;
}

/** Returns the launcher's last report; null in a dashboard that no launcher has started. */
export function launcherReport(): LauncherReport | null {
  return holder.spillwayLauncherReport ?? null;
}
