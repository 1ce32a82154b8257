import { version } from '../package.json';

/** This build's version. */
export const spillwayVersion = version;
