import { redirectRoute } from '@/lib/server/auth/redirect-route';
import { beginSso } from '@/lib/server/auth/sso-sign-in';

/** `?purpose=confirm`: a person who is signed in confirms that it is they; `next`: the page to open afterwards. */
export const GET = redirectRoute(beginSso, (params) => ({
  next: params.get('next'),
  purpose: params.get('purpose') === 'confirm' ? 'confirm' : 'signIn',
}));
