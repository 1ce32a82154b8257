import { z } from 'zod';

/** Identifies a run: `R-0001`, `R-0002`, … */
export const RunId = z.string().min(1).brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;
