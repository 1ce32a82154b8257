/** Ends the export of traces, sending the spans that are still buffered. */
export type StopTracing = () => Promise<void>;

/** The longest time that an ending process waits for its last spans, in ms. */
const flushWithinMs = 1000;

/**
 * Sends this process's spans to an OpenTelemetry collector (OTLP over HTTP, JSON), if one is configured. The exporter
 * reads `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_HEADERS` on its own, the resource
 * `OTEL_RESOURCE_ATTRIBUTES`: https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/ Without an
 * endpoint nothing is loaded, and spans cost nothing.
 * @param service such as `spillway-worker`
 */
export async function startTracing(service: string, endpoint: string | undefined): Promise<StopTracing> {
  if (endpoint === undefined) return async () => undefined;
  const [api, hooks, { OTLPTraceExporter }, resources, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
  ]);
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
  const provider = new sdk.TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  api.context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  api.trace.setGlobalTracerProvider(provider);
  return async () => {
    const bound = new Promise<void>((resolve) => setTimeout(resolve, flushWithinMs).unref());
    // An unreachable collector must not prevent anything from ending.
    await Promise.race([provider.shutdown().catch(() => undefined), bound]);
  };
}
