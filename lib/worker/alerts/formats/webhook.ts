import { createHmac } from 'node:crypto';
import { alertSeverity } from '@/lib/alerts/alert';
import { type ChannelFormat, findStatusFailure, jsonRequest } from './channel-format';

const prefix = 'whsec_';

/** The version of the body's form. */
const version = 1;

/**
 * A generic webhook, signed as Standard Webhooks 1.0 says, for which there are libraries in many languages: HMAC-SHA256 over id,
 * time and body. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhookFormat: ChannelFormat = {
  build(
    { deliveryId, link, path: _path, scope, leadMinutes: _lead, actions, ...alert },
    { url, secret },
    at,
  ) {
    const severity = alertSeverity[alert.event];
    const request = jsonRequest(url, {
      version,
      id: deliveryId,
      severity,
      ...alert,
      ...scope,
      link,
      actions: actions.map(({ action, url: page }) => ({ action, url: page })),
    });
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const key = Buffer.from((secret ?? '').slice(prefix.length), 'base64');
    const signature = createHmac('sha256', key)
      .update(`${deliveryId}.${timestamp}.${request.body}`)
      .digest('base64');
    return {
      ...request,
      headers: {
        ...request.headers,
        'webhook-id': deliveryId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    };
  },
  findFailure: findStatusFailure,
};
