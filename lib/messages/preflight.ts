import preflight from './en/preflight.json';
import check from './en/preflight-check.json';

/** All text of findings. Pages that only name a check take that file. */
export const preflightTexts = { ...preflight, check };
