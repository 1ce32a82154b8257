import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRequest } from './request';

/**
 * The forms in which the cloud accepts requests, with the maximum size of each in bytes:
 * https://www.tencentcloud.com/document/api/608/33031. It accepts multipart/form-data for the few actions that upload
 * files, none of which is served here.
 */
const forms = {
  json: { method: 'POST', type: 'application/json', maxBytes: 10 * 1024 * 1024 },
  form: { method: 'POST', type: 'application/x-www-form-urlencoded', maxBytes: 1024 * 1024 },
  query: { method: 'GET', type: 'application/x-www-form-urlencoded', maxBytes: 32 * 1024 },
} as const;

/** `json` is valid only with TC3-HMAC-SHA256, `form` only with version 1 of the signature, `query` with either. */
export type BodyForm = keyof typeof forms;

/** The largest body that is read, in bytes. */
export const maxBodyBytes = forms.json.maxBytes;

/** Returns the media type of a header: `application/json; charset=utf-8` → `application/json`; '' without a header. */
function mediaType(header: string | undefined): string {
  const [type = ''] = (header ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/**
 * Returns the form in which a request carries its parameters.
 * @throws ApiError UnsupportedProtocol: another method, path or content type; RequestSizeLimitExceeded
 */
export function getBodyForm(request: ApiRequest): BodyForm {
  const { method, path, query, headers, body } = request;
  if (path !== '/' || (method !== 'POST' && method !== 'GET')) {
    throw new ApiError('UnsupportedProtocol', 'The sandbox takes POST and GET requests to `/`.');
  }
  const type = mediaType(headers['content-type']);
  // A GET has no body that needs a type, and some clients send none.
  const isQuery = method === 'GET' && (type === '' || type === forms.query.type);
  const posted = method === 'POST' && (['json', 'form'] as const).find((each) => forms[each].type === type);
  const form = isQuery ? 'query' : posted;
  if (!form) {
    throw new ApiError(
      'UnsupportedProtocol',
      `The request header \`Content-Type\` must be ${forms.json.type} (signed by TC3-HMAC-SHA256) or ${forms.form.type} (signed by HmacSHA1 or HmacSHA256) in a POST, ${forms.query.type} in a GET.`,
    );
  }
  const { maxBytes } = forms[form];
  if (body.byteLength > maxBytes || query.length > maxBytes) {
    throw new ApiError('RequestSizeLimitExceeded', `The request is larger than ${maxBytes} bytes.`);
  }
  return form;
}
