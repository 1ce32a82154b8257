/** The phases of a cutover, in the order in which they happen. */
export const phases = ['prewarm', 'divert', 'verify', 'hold', 'rollback', 'drain'] as const;
export type Phase = (typeof phases)[number];
