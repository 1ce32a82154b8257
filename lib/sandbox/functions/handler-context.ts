import type { FunctionCode } from './runtimes/invocation';

/**
 * Returns the context of a handler as JSON: https://www.tencentcloud.com/document/product/583/9210 (Python) and
 * https://www.tencentcloud.com/document/product/583/11060 (Node.js, whose bootstrap adds the function
 * getRemainingTimeInMillis).
 */
export function handlerContext(code: FunctionCode, requestId: string): string {
  const environment = Object.entries(code.environment);
  return JSON.stringify({
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: code.memoryMb,
    time_limit_in_ms: code.timeoutS * 1000,
    request_id: requestId,
    environment: JSON.stringify(code.environment),
    environ: environment.map(([name, value]) => `${name}=${value}`).join(';'),
    function_version: code.version,
    function_name: code.name,
    namespace: code.namespace,
    tencentcloud_region: code.region,
    tencentcloud_appid: String(code.appId),
    tencentcloud_uin: code.uin,
  });
}
