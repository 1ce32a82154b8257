import type { HealthCheck } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import type { WithNull } from '../action';

/** Fields of a health check that have no value for its kind. */
export type HealthCheckAnswer = WithNull<
  HealthCheck,
  | 'CheckPort'
  | 'ContextType'
  | 'ExtendedCode'
  | 'HttpCheckDomain'
  | 'HttpCheckMethod'
  | 'HttpCheckPath'
  | 'HttpCode'
  | 'HttpVersion'
  | 'RecvContext'
  | 'SendContext'
>;

const always: HealthCheckAnswer = {
  HealthSwitch: 1,
  TimeOut: 2,
  IntervalTime: 5,
  HealthNum: 3,
  UnHealthNum: 3,
  SourceIpType: 0,
  CheckPort: null,
  ContextType: null,
  SendContext: null,
  RecvContext: null,
  HttpVersion: null,
  ExtendedCode: null,
};

/** The health check that a rule gets when none is given: https://www.tencentcloud.com/document/product/214/6097. */
export const ruleHealthCheck: HealthCheckAnswer = {
  ...always,
  CheckType: 'HTTP',
  HttpCode: 31,
  HttpCheckPath: '/',
  HttpCheckDomain: '',
  HttpCheckMethod: 'HEAD',
};

/** The same for a layer-4 listener. */
export const listenerHealthCheck: HealthCheckAnswer = {
  ...always,
  CheckType: 'TCP',
  HttpCode: null,
  HttpCheckPath: null,
  HttpCheckDomain: null,
  HttpCheckMethod: null,
};
