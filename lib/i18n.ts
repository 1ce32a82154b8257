import { getRequestConfig } from 'next-intl/server';
import { intl, messages } from './messages/messages';

/** For what the server draws; the browser has the same from `IntlProvider`. */
export default getRequestConfig(async () => ({ ...intl, messages }));
