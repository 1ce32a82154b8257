import { z } from 'zod';

/** An IANA time zone that this machine knows. */
export const Zone = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'zone.unknown');
