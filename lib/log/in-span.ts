import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/**
 * Runs `fn` in its own span, below the current one. Does next to nothing unless tracing was started. A span whose `fn`
 * throws is marked with the error's name alone: messages may contain anything.
 * @param options.isCall true if it spans a call to another system
 */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  fn: (span: Span) => Promise<T>,
  options: { readonly isCall?: boolean } = {},
): Promise<T> {
  const kind = options.isCall === true ? SpanKind.CLIENT : SpanKind.INTERNAL;
  return trace.getTracer('spillway').startActiveSpan(name, { attributes, kind }, async (span) => {
    try {
      return await fn(span);
    } catch (error) {
      const message = error instanceof Error ? error.name : 'not an error';
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
