import { z } from 'zod';
import { toInstant } from '../call/cloud-time';

/** Schemas shared by responses of load balancing. */

/** Official responses represent "nothing" as null, as an empty text, or by omitting the field. */
export const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? null : (value ?? null)));
export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** Returns true if a flag is set; null where the cloud lists no flags. */
export function readFlag(flags: readonly string[] | null | undefined, name: string): boolean | null {
  return flags?.includes(name) ?? null;
}

export const toNullableInstant = (time: string | null) => (time === null ? null : toInstant(time));

export const WireCertificate = z
  .object({ CertId: text, ExtCertIds: list(z.string()), SSLMode: text, CertCaId: text })
  .nullish();

/** Returns server certificates in order: several differ in their kind of key. */
export function listCertificateIds(wire: z.infer<typeof WireCertificate>): string[] {
  return [wire?.CertId ?? '', ...(wire?.ExtCertIds ?? [])].filter((id) => id !== '');
}

/**
 * Returns the CA of the certificates that clients must present; null = they need none.
 * https://cloud.tencent.com/document/api/214/30694#CertificateOutput
 */
export function findClientCa(wire: z.infer<typeof WireCertificate>): string | null {
  return wire?.SSLMode === 'MUTUAL' ? (wire.CertCaId ?? '') : null;
}

/** 1 = on, 0 = off. */
export const Switch = z
  .number()
  .int()
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : value === 1));
