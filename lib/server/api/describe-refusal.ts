import 'server-only';
import { createTranslator } from 'next-intl';
import type { ActionError } from '@/lib/contract/answer';
import type { ApiProblem, FieldProblem } from '@/lib/contract/problem';
import { messages } from '@/lib/messages/messages';
import { type AnyKeyTranslator, takeAnyKey } from '@/lib/messages/use-any-key';

/** The places of the texts of refusals, in order of priority. */
const places = [
  'ui.refusal',
  'diversion.error',
  'switch.error',
  'diversion.createFunction.error',
  'diversion.problem',
];

let translator: AnyKeyTranslator | null = null;

/** Writes a message of a refusal as text; a message without a text is a sentence already. */
function write(message: string, values: Readonly<Record<string, string | number>> = {}): string {
  translator ??= takeAnyKey(createTranslator({ locale: 'en', timeZone: 'UTC', messages }));
  for (const place of places) {
    const key = `${place}.${message}`;
    if (translator.has(key)) return translator(key, values);
  }
  return message;
}

/** Splits a text into the reason and the last sentence, which says what to do; null = it has one sentence. */
function splitFix(text: string): { readonly detail: string; readonly fix: string | null } {
  const at = text.lastIndexOf('. ');
  return at < 0 ? { detail: text, fix: null } : { detail: text.slice(0, at + 1), fix: text.slice(at + 2) };
}

/** The status of a refusal by its message; others are conflicts with the current state. */
function getStatus({ fields, form }: ActionError): number {
  const message = form?.message ?? '';
  if (Object.keys(fields).length > 0 || message.includes('import.') || message.startsWith('input.'))
    return 422;
  if (message === 'session.missing') return 401;
  const forbidden = [
    'role.notPermitted',
    'token.byToken',
    'secondFactor.required',
    'safetyRule.gateOfAdministrators',
  ];
  if (forbidden.includes(message) || message.startsWith('scope.')) return 403;
  return message.endsWith('.gone') ? 404 : 409;
}

/** Describes a refusal of a verb or a query as a problem. */
export function describeRefusal(error: ActionError, status = getStatus(error)): ApiProblem {
  const errors = Object.entries(error.fields).flatMap(([field, keys]) =>
    keys.map(
      (code): FieldProblem => ({
        field,
        code,
        detail: write(code, { nearest: error.nearest?.[field] ?? 'none' }),
      }),
    ),
  );
  const listed = errors.length === 0 ? {} : { errors };
  if (error.form === null) {
    const [first] = errors;
    const detail = `${errors.length === 1 ? 'One field is' : `${errors.length} fields are`} not valid.`;
    return {
      status,
      detail,
      code: 'fields',
      ...(first && { fix: `${first.field}: ${first.detail}` }),
      ...listed,
    };
  }
  const { detail, fix } = splitFix(write(error.form.message, error.form.values));
  return { status, detail, ...(fix !== null && { fix }), code: error.form.message, ...listed };
}
