import createNextIntlPlugin from 'next-intl/plugin';

const withNextIntl = createNextIntlPlugin({
  requestConfig: './lib/i18n.ts',
  experimental: {
    // Compiled at build time, so that the browser needs no message parser.
    messages: { path: './lib/messages/en', format: 'json', locales: 'infer', precompile: true },
  },
});

/** The id of this build, set by lib/launch/build.mjs; a build by Next alone has none. */
const build = process.env.SPILLWAY_BUILD;

/** Open pages detect another build by it: lib/client/other-build.ts. All other headers: lib/launch/web/web-server.ts. */
const headers = build ? [{ key: 'X-Spillway-Build', value: build }] : [];

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  generateBuildId: () => build ?? null,
  env: build ? { SPILLWAY_BUILD: build } : {},
  // `npm run check` checks types; a start need not wait for that.
  typescript: { ignoreBuildErrors: true },
  // The largest input of a page is a function's code. Files are imported by route handlers: lib/server/route.ts.
  experimental: {
    serverActions: { bodySizeLimit: '1mb' },
    // forbidden(), with app/forbidden.tsx
    authInterrupts: true,
    // Server code keeps its function names for error stacks in the log: source maps would cost the dashboard 80 MB
    // (lib/launch/processes/spawn-program.ts), so none are created.
    turbopackMinify: { server: false, client: true },
    turbopackSourceMaps: false,
  },
  // They load their own files at run time, so they are excluded from Next's bundles.
  serverExternalPackages: ['@dbos-inc/dbos-sdk', 'pg'],
  // Plans and runs have one list now; single plans and runs keep their addresses.
  redirects: async () =>
    ['/plans', '/runs'].map((source) => ({ source, destination: '/diversions', permanent: false })),
  headers: async () => (build ? [{ source: '/:path*', headers }] : []),
};

export default withNextIntl(config);
