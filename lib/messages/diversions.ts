import page from './en/diversion-page.json';
import diversions from './en/diversions.json';

/** All text of diversions: their list, and the page of each. */
export const diversionsTexts = { ...diversions, ...page };
