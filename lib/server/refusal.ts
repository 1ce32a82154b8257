import type { z } from 'zod';
import type { ActionError } from '@/lib/client/views';
import { fieldErrors } from '@/lib/input/field-errors';
import { err, type Result } from '@/lib/result';

/** Creates a refusal of the whole action. `message` is a key below `ui.refusal`. */
export function refuse(
  message: string,
  values?: Readonly<Record<string, string | number>>,
): Result<never, ActionError> {
  return err({ fields: {}, form: values ? { message, values } : { message } });
}

/** Creates a refusal with message keys by field path. */
export function refuseFields(fields: ActionError['fields']): Result<never, ActionError> {
  return err({ fields, form: null });
}

/** Converts a failed parse into field errors, one for every invalid field. */
export function refuseInput(error: z.ZodError): Result<never, ActionError> {
  return refuseFields(fieldErrors(error.issues));
}
