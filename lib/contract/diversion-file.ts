import { z } from 'zod';
import { Diversion, DiversionId } from '@/lib/diversion/diversion';
import { closeObjects } from '@/lib/input/unknown-fields';

/** The format of the diversion files that this version reads. */
export const diversionFileVersion = 'spillway/v1';

/** A diversion as a file, YAML or JSON: an operator's intent in version control. */
export const DiversionFile = z
  .strictObject({
    apiVersion: z.literal(diversionFileVersion).describe('The format of the file.'),
    connection: z.string().min(1).describe('The ID of the account, such as `sandbox-niaga`.'),
    id: DiversionId.optional().describe(
      'The diversion that the file describes, such as `D-0001`: a plan is its next revision. Without one, each plan begins a diversion.',
    ),
    diversion: Diversion.describe('What is wanted.'),
  })
  .meta({
    title: 'Spillway diversion',
    description: 'An Access, a Split or a Switch that `spillway plan -f` plans.',
  });
export type DiversionFile = z.infer<typeof DiversionFile>;

/** Returns the JSON Schema (draft 2020-12) of diversion files. */
export function diversionFileSchema(): object {
  return z.toJSONSchema(DiversionFile, { io: 'input', override: closeObjects });
}
