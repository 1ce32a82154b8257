import { z } from 'zod';
import { isZone } from './wall-clock';

/** An IANA time zone that this machine supports. */
export const Zone = z.string().refine(isZone, 'zone.unknown');
