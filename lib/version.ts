import { version } from '../package.json';

/** This build's version. */
export const spillwayVersion = version;

/** What this build of the dashboard is called; undefined in other programs. Next puts it in (next.config.js). */
export const dashboardBuild = process.env.SPILLWAY_BUILD;
