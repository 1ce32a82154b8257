/** A session ends when it is unused for 8 hours: a working day (ASVS 5.0, 7.3.1). */
export const IDLE_S = 8 * 3600;
/** A session ends after 7 days, however much it is used (ASVS 5.0, 7.3.2). */
export const ABSOLUTE_S = 7 * 24 * 3600;
