import history from './en/history.json';
import moment from './en/history-moment.json';
import who from './en/history-who.json';

/** All text of the history of an account. Pages that show only a moment of it, or who made a change, take those files. */
export const historyTexts = { ...history, ...moment, ...who };
