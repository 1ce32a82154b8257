import { version } from '../package.json';

/** This build's version. */
export const spillwayVersion = version;

/** The id of this build of the dashboard; undefined in other programs. Next inserts it (next.config.js). */
export const dashboardBuild = process.env.SPILLWAY_BUILD;
