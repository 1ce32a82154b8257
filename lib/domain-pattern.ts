import { z } from 'zod';

/** A host name in which `*` stands for any characters: see `matchesDomain`. */
export const DomainPattern = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'domainPattern.invalid')
  .max(80, 'domainPattern.invalid')
  .regex(/^(\*|[a-z0-9*-]+(\.[a-z0-9*-]+)+)$/, 'domainPattern.invalid');
