import diversion from './en/diversion-error.json';
import switches from './en/switch-error.json';
import ui from './en/ui-refusal.json';

/**
 * The text of what is refused. Only `useMessage` shows it, and fetches it once the page is idle: no page needs it
 * before someone has entered or sent something.
 */
export const lateTexts = { ui, diversion, switch: switches };
