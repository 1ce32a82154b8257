/** The phases of a cutover, in the order in which they happen. */
export const phases = ['prewarm', 'divert', 'verify', 'diverted', 'rollback', 'drain'] as const;
export type Phase = (typeof phases)[number];
