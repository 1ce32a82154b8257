import { z } from 'zod';

/** A host name as people type it; lower-cased, no trailing dot. Source of the 80: CLB "Domain 1–80 characters". */
export const DomainName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'domain.missing')
  .max(80, 'domain.tooLong')
  .regex(/^(?=.{1,80}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'domain.invalid');

/** A plain URL path of a rule: 1–200 characters, from the root. */
export const UrlPath = z
  .string()
  .trim()
  .min(1, 'url.missing')
  .max(200, 'url.tooLong')
  .regex(/^\/[\w\-./%?=:&+,~!$'()*@]*$/, 'url.invalid');

/** What a diversion is called. */
export const DiversionName = z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong');
