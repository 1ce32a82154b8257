import type { sections } from './operations';

type AnyOperation = (typeof sections)[keyof typeof sections][number];

/** The value of a verb's or a query's answer: of a `Result`, that of its success. */
type ValueOf<Answer> = Answer extends { readonly ok: true; readonly value: infer Value }
  ? Value
  : Answer extends { readonly ok: false }
    ? never
    : Answer;

/** The answer of each operation of the API: `lib/launch/generate-answers.mjs` makes their JSON Schemas from this type. */
export type ApiAnswers = {
  readonly [Each in AnyOperation as Each['name']]: ValueOf<Awaited<ReturnType<Each['run']>>>;
};
