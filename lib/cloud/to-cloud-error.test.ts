import { describe, expect, it } from 'vitest';
import { toCloudError } from './to-cloud-error';

const context = { action: 'CreateRule', region: 'ap-jakarta', isWrite: true, secrets: ['s3cr3t'] };
const prefix = 'request to http://127.0.0.1:3001/ failed, reason: ';

describe('toCloudError', () => {
  it("keeps the cloud's code, message and request id", () => {
    const cause = Object.assign(new Error('busy'), {
      code: 'FailedOperation.ResourceInOperating',
      requestId: 'r-1',
    });
    expect(toCloudError(cause, context).data).toEqual({
      code: 'FailedOperation.ResourceInOperating',
      message: 'busy',
      requestId: 'r-1',
      action: 'CreateRule',
      region: 'ap-jakarta',
      mayHaveHappened: false,
      advice: 'retry',
    });
  });

  it.each([
    ['connect ECONNREFUSED 127.0.0.1:3001', 'Network.ECONNREFUSED', 'retry'],
    ['getaddrinfo ENOTFOUND clb.tencentcloudapi.com', 'Network.ENOTFOUND', 'retry'],
    ['socket hang up', 'Network.Closed', 'readBack'],
    ['read ECONNRESET', 'Network.ECONNRESET', 'readBack'],
    ['write EPIPE', 'Network.EPIPE', 'readBack'],
  ])('a write that broke with "%s" is %s, %s', (reason, code, advice) => {
    expect(toCloudError(new Error(prefix + reason), context).data).toMatchObject({ code, advice });
  });

  it('reads back after a timeout and after a response that is not JSON', () => {
    expect(toCloudError(new Error('network timeout at: http://127.0.0.1/'), context).data).toMatchObject({
      code: 'Network.Timeout',
      mayHaveHappened: true,
      advice: 'readBack',
    });
    const broken = new Error('invalid json response body at http://127.0.0.1/ reason: Unexpected end');
    expect(toCloudError(broken, context).data.advice).toBe('readBack');
  });

  it('names the status of a response that is not 200', () => {
    const cause = Object.assign(new Error('Bad Gateway'), { httpCode: 502, requestId: '' });
    expect(toCloudError(cause, context).data).toMatchObject({
      code: 'Http.502',
      requestId: null,
      advice: 'readBack',
    });
  });

  it('hides the keys', () => {
    expect(toCloudError(new Error('no such key s3cr3t'), context).data.message).toBe('no such key [hidden]');
  });
});
