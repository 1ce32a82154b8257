/** The exit codes of `spillway`, which scripts can rely on. */
export const exitCodes = {
  done: 0,
  /** Anything without a code of its own, such as an address that does not answer. */
  failed: 1,
  usage: 2,
  /** No valid token, or its role does not allow it. */
  forbidden: 3,
  notFound: 4,
  /** The state does not allow it, such as a change freeze. */
  refused: 5,
  /** A file, a field or a parameter is not valid. */
  invalid: 6,
  /** The preflight blocks the plan. */
  blocked: 7,
  /** The plan differs from the reviewed one; with `drift --exit-code`: there is drift. */
  differs: 8,
  /** The run ended otherwise than was wanted, or is stopped. */
  runFailed: 9,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with an exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    /** The next thing to do. */
    readonly fix?: string,
  ) {
    super(message);
  }
}
