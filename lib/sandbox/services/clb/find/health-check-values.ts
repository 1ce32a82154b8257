/**
 * The characters allowed in the texts of a health check, for listeners and target groups alike:
 * https://cloud.tencent.com/document/api/214/30694#HealthCheck.
 */
export const visibleText = { pattern: /^[\x20-\x7e]*$/, hint: 'hold visible ASCII characters only' };

/** gRPC codes that count as healthy. Same source. */
export const grpcCodes = {
  pattern: /^\d+(-\d+)?(,\d+(-\d+)?)*$/,
  hint: 'be a number, numbers or a range, as `20`, `20,25` or `0-99`',
};
