import createNextIntlPlugin from 'next-intl/plugin';

const withNextIntl = createNextIntlPlugin({
  requestConfig: './lib/i18n.ts',
  experimental: {
    // Compiled when the app is built, so that the browser needs no parser of messages.
    messages: { path: './lib/messages/en', format: 'json', locales: 'infer', precompile: true },
  },
});

/** What this build is called, by lib/launch/build.mjs; one that Next is told to make by itself has no name. */
const build = process.env.SPILLWAY_BUILD;

/** Open pages know by it that another build answers: lib/client/other-build.ts. All other headers: lib/launch/web/web-server.ts. */
const headers = build ? [{ key: 'X-Spillway-Build', value: build }] : [];

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  generateBuildId: () => build ?? null,
  env: build ? { SPILLWAY_BUILD: build } : {},
  // `npm run check` has the types checked; whoever only wants to start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // The largest that a page sends is a function's code. Files are imported by route handlers: lib/server/route.ts.
  experimental: {
    serverActions: { bodySizeLimit: '1mb' },
    // What the server runs keeps the names of its functions, for the stacks of errors in the log: source maps would cost the
    // dashboard 80 MB (lib/launch/processes/spawn-program.ts), so none are made.
    turbopackMinify: { server: false, client: true },
    turbopackSourceMaps: false,
  },
  // They find their own files at run time, so they stay outside of Next's bundles.
  serverExternalPackages: ['@dbos-inc/dbos-sdk', 'pg'],
  // Their lists are one now; single plans and runs keep their addresses.
  redirects: async () =>
    ['/plans', '/runs'].map((source) => ({ source, destination: '/diversions', permanent: false })),
  headers: async () => (build ? [{ source: '/:path*', headers }] : []),
};

export default withNextIntl(config);
