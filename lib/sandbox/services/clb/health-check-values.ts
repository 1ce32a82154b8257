/** What the texts of a health check hold, of listeners and target groups alike: https://cloud.tencent.com/document/api/214/30694#HealthCheck. */
export const visibleText = { pattern: /^[\x20-\x7e]*$/, hint: 'hold visible ASCII characters only' };

/** Codes of GRPC that count as healthy. Same place. */
export const grpcCodes = {
  pattern: /^\d+(-\d+)?(,\d+(-\d+)?)*$/,
  hint: 'be a number, numbers or a range, as `20`, `20,25` or `0-99`',
};
