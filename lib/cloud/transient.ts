import type { CloudErrorData } from './errors';

const away = /^(Network\..+|Http\.(408|5\d\d)|(InternalError|ServiceUnavailable)(\..*)?|Task\.Timeout)$/;
/**
 * DNSPod's codes for an operation without a response, and one that failed: both say "please try again later"
 * (`dnspod/v20210323/errors.go` of https://github.com/TencentCloud/tencentcloud-sdk-go).
 */
const dnspodAway = /^(FailedOperation\.UnknowError|InvalidParameter\.OperateFailed)$/;

/**
 * Returns true if the failure means that the cloud could not be reached or failed itself, which is independent of the
 * call.
 */
export function isAway({ code }: Pick<CloudErrorData, 'code'>): boolean {
  return away.test(code) || dnspodAway.test(code);
}

/**
 * Refused before anything was done, for a temporary reason. Tencent's own Terraform provider also retries the bare
 * `ResourceInUse` and `ResourceUnavailable`: retryableErrorCode of
 * https://github.com/tencentcloudstack/terraform-provider-tencentcloud/blob/master/tencentcloud/common/common.go.
 * `SignatureExpire` ends when this machine's clock is corrected, such as after a suspend.
 */
const refusedForNow =
  /^(AuthFailure\.SignatureExpire|RequestLimitExceeded(\..*)?|ResourceInUse|ResourceUnavailable(?!\.InsufficientBalance$)(\..*)?|FailedOperation\.(ResourceInOperating|ResourceInCloning|FrequencyLimit|\w+InProgress)|InvalidParameter\.OperationIsTooFrequent)$/;

/** Returns true if the cloud has refused a call for a temporary reason, and did nothing. */
export function isRefusedForNow({ code }: Pick<CloudErrorData, 'code'>): boolean {
  return refusedForNow.test(code);
}

/**
 * Returns true if a failure passes on its own: an outage, a 5xx, a throttle, a busy object, a timeout. Its meaning for
 * a write that was sent is a separate question, which `advice` answers: of a task whose poll was throttled, the outcome
 * is unknown.
 */
export function isTransient(error: Pick<CloudErrorData, 'code' | 'advice'>): boolean {
  return error.advice === 'retry' || isAway(error) || isRefusedForNow(error) || error.code === 'Http.429';
}
