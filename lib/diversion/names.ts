import { z } from 'zod';

/** https://datatracker.ietf.org/doc/html/rfc1035#section-2.3.4 */
const labelMax = 63;

/**
 * A host name as people type it; lower-cased, no trailing dot. Source of the 80: CLB "Domain 1–80 characters". IP
 * addresses are rejected: their last label would be a number, which no top-level domain is
 * (https://datatracker.ietf.org/doc/html/rfc3696#section-2).
 */
export const DomainName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'domain.missing')
  .max(80, 'domain.tooLong')
  .regex(/^(?=.{1,80}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'domain.invalid')
  .refine((name) => name.split('.').every((label) => label.length <= labelMax), 'domain.labelTooLong')
  .refine((name) => !/\.\d+$/.test(name), 'domain.isAddress');

/** A plain URL path of a rule: 1–200 characters, from the root. */
export const UrlPath = z
  .string()
  .trim()
  .min(1, 'url.missing')
  .max(200, 'url.tooLong')
  .regex(/^\/[\w\-./%?=:&+,~!$'()*@]*$/, 'url.invalid');

/** The name of a diversion. */
export const DiversionName = z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong');
