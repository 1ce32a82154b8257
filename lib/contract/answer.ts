import type { Result } from '@/lib/result';

/** The error of every server action: field errors are message keys by field path, `form` concerns the whole. */
export type ActionError = {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Of a field that doesn't exist: the one with the most similar name. */
  readonly nearest?: Readonly<Record<string, string>>;
  readonly form: {
    readonly message: string;
    readonly values?: Readonly<Record<string, string | number>>;
  } | null;
};

/**
 * The server actions as components see them: pages pass them down as props. Arguments come from a browser and are
 * unchecked on arrival, so each action validates them with a schema.
 */
export type Answer<T> = Promise<Result<T, ActionError>>;
