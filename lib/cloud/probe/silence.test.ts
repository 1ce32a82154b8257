import { expect, it } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import { isSilence, NoAnswerError } from './silence';

const withCode = (code: string) => Object.assign(new Error(code), { code });
const cloudError = (code: string) =>
  new CloudError({
    code,
    message: '',
    requestId: null,
    action: 'DescribeLoadBalancers',
    region: null,
    mayHaveHappened: false,
    advice: 'giveUp',
  });

it.each([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['a broken one', withCode('ECONNRESET')],
  ['a resolver that says nothing', new NoAnswerError('no answer')],
  ['a deadline that passed', new DOMException('', 'TimeoutError')],
  ['a cloud that is away', cloudError('Http.502')],
])('%s is no evidence about the route', (_what, cause) => expect(isSilence(cause)).toBe(true));

it.each([
  ['a certificate of another name', withCode('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['what is not HTTP', withCode('HPE_INVALID_CONSTANT')],
  ['a cloud that refuses', cloudError('AuthFailure.SecretIdNotFound')],
  ['anything else', new Error('x')],
])('%s is evidence about the route', (_what, cause) => expect(isSilence(cause)).toBe(false));
