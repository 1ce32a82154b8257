import type { HealthCheck } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';

/** The health check that a rule gets when none is given: https://www.tencentcloud.com/document/product/214/6097. */
export const defaultHealthCheck: HealthCheck = {
  HealthSwitch: 1,
  TimeOut: 2,
  IntervalTime: 5,
  HealthNum: 3,
  UnHealthNum: 3,
  HttpCode: 31,
  HttpCheckPath: '/',
  HttpCheckDomain: '',
  HttpCheckMethod: 'HEAD',
  CheckType: 'HTTP',
  SourceIpType: 0,
};
