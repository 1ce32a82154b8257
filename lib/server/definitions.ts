import 'server-only';
import type { z } from 'zod';
import type { QueryName, VerbName } from '@/lib/policy/verbs';

/** A verb or a query as it is defined; `schema` null = its input is parsed by a function with its own limits. */
export type Definition = { readonly kind: 'verb' | 'query'; readonly schema: z.ZodType | null };

const definitions = new Map<VerbName | QueryName, Definition>();

/** Registers a definition, so that the API can describe the input. */
export function registerDefinition(name: VerbName | QueryName, definition: Definition): void {
  definitions.set(name, definition);
}

/** Returns the definition of a verb or a query whose module is loaded; undefined otherwise. */
export function findDefinition(name: VerbName | QueryName): Definition | undefined {
  return definitions.get(name);
}
