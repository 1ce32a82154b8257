import { z } from 'zod';
import type { FunctionId } from './function-change';

/** A part of a function that no sync reads, because it is large or changes with each call. */
export const FunctionPart = z.discriminatedUnion('part', [
  z.object({ part: z.literal('code'), version: z.string().regex(/^(\$LATEST|\d{1,9})$/) }),
  z.object({ part: z.literal('versions') }),
  z.object({ part: z.literal('logs'), outcome: z.enum(['any', 'failed']) }),
  z.object({ part: z.literal('calls'), hours: z.union([z.literal(1), z.literal(24)]) }),
]);
export type FunctionPart = z.infer<typeof FunctionPart>;

/** The calls of many functions in the last hour, for the list of functions. */
type RecentPart = { readonly part: 'recent'; readonly functions: readonly FunctionId[] };

/** Anything that the worker reads when a page asks for it. */
export type ReadingPart = FunctionPart | RecentPart;

/** The code of a version. Times are ISO instants. */
export type FunctionCode = {
  readonly version: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  readonly description: string;
  readonly modifiedAt: string;
  /** The size of its archive. */
  readonly bytes: number;
  /**
   * The text of the file that the handler names; null = the cloud shows none: the file is larger than 1 MB, or the
   * runtime has no sources. https://cloud.tencent.com/document/api/583/18584
   */
  readonly text: string | null;
};

/** A version with its fields in the list of versions. */
export type FunctionVersionFacts = {
  readonly version: string;
  readonly description: string;
  /** ISO instant; null = not reported by the cloud. */
  readonly createdAt: string | null;
  readonly status: string;
};

/** A call of a function, as its log has it. */
export type FunctionLogEntry = {
  readonly requestId: string;
  /** ISO instant. */
  readonly at: string;
  /** 0 = the code returned; otherwise the cloud's code for the reason why it did not. */
  readonly code: number;
  readonly durationMs: number;
  readonly memoryBytes: number;
  /** The value that the function returned, or the platform's message. */
  readonly answer: string;
  /** The output of the code. */
  readonly log: string;
};

/** The calls of a function in a period that begins at `at` (ISO); null = monitoring has no value. */
export type FunctionCallsPoint = {
  readonly at: string;
  readonly calls: number | null;
  readonly errors: number | null;
  readonly throttles: number | null;
  /** The most calls at the same time. */
  readonly concurrency: number | null;
  /** The mean duration of the code. */
  readonly durationMs: number | null;
};

export type FunctionCalls = { readonly periodS: number; readonly points: readonly FunctionCallsPoint[] };

/** The calls of a function in the last hour and those that failed; null = monitoring has no value. */
export type FunctionCount = FunctionId & { readonly calls: number | null; readonly errors: number | null };

/** The content of each part. */
export type FunctionPartContents = {
  readonly code: FunctionCode;
  readonly versions: readonly FunctionVersionFacts[];
  readonly logs: readonly FunctionLogEntry[];
  readonly calls: FunctionCalls;
  readonly recent: readonly FunctionCount[];
};
export type FunctionPartContent = FunctionPartContents[keyof FunctionPartContents];

/** Returns the text by which a stored part is found again. */
export function functionPartKey(part: ReadingPart): string {
  switch (part.part) {
    case 'code':
      return `code ${part.version}`;
    case 'versions':
    case 'recent':
      return part.part;
    case 'logs':
      return `logs ${part.outcome}`;
    case 'calls':
      return `calls ${part.hours}`;
  }
}
