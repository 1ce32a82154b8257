import { getRequestConfig } from 'next-intl/server';
import { intl } from './messages/intl';
import { messages } from './messages/messages';

/** Configures messages for server rendering; the browser gets the same from `IntlProvider`. */
export default getRequestConfig(async () => ({ ...intl, messages }));
