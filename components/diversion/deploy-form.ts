import { z } from 'zod';

/** Runtimes that the editor's one file of Python runs on. https://www.tencentcloud.com/document/product/583/11060 */
export const runtimes = ['Python3.6', 'Python3.7', 'Python3.9', 'Python3.10'] as const;

/** Some of the sizes that a function can have, in MB. https://www.tencentcloud.com/document/product/583/11637 */
export const memorySizesMb = [64, 128, 256, 512, 1024, 2048, 3072] as const;

/**
 * What the dialog asks for. Messages are keys below `diversion.createFunction.error`.
 * Sources: the name, https://www.tencentcloud.com/document/api/583/18586; the times,
 * https://www.tencentcloud.com/document/product/583/11637.
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
  code: z.string().trim().min(1, 'code.missing').max(1_000_000, 'code.tooLong'),
});
export type DeployForm = z.infer<typeof DeployForm>;
