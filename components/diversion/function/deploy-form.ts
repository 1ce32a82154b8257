import { z } from 'zod';
import { isFunctionCodeSmall } from '@/lib/input/import-limits';
import { runtimes } from './runtimes';

/** Some of the valid memory sizes of a function, in MB. https://www.tencentcloud.com/document/product/583/11637 */
export const memorySizesMb = [64, 128, 256, 512, 1024, 2048, 3072] as const;

/**
 * The dialog's input. Messages are keys below `diversion.createFunction.error`. Sources: the name,
 * https://www.tencentcloud.com/document/api/583/18586; the times,
 * https://www.tencentcloud.com/document/product/583/11637; the alias, https://cloud.tencent.com/document/api/583/44164.
 */
export const DeployForm = z.object({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z][\w-]{0,58}[A-Za-z0-9]$/, 'functionName.invalid'),
  namespace: z
    .string()
    .trim()
    .regex(/^[A-Za-z][\w-]{0,59}$/, 'namespace.invalid'),
  runtime: z.enum(runtimes),
  handler: z
    .string()
    .trim()
    .regex(/^[\w-]+\.[\w-]+$/, 'handler.invalid'),
  memoryMb: z.number().int(),
  timeoutS: z
    .number('timeout.invalid')
    .int('timeout.invalid')
    .min(1, 'timeout.invalid')
    .max(900, 'timeout.invalid'),
  /** Empty = none. */
  alias: z
    .string()
    .trim()
    .regex(/^([A-Za-z][\w-]{0,63})?$/, 'alias.invalid'),
  code: z.string().trim().min(1, 'code.missing').refine(isFunctionCodeSmall, 'code.tooLong'),
});
export type DeployForm = z.infer<typeof DeployForm>;
