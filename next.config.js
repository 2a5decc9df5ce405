/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // Several instances may be built from one checkout side by side.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  // `npm run check` compiles everything; a start on a fresh machine need not do it again.
  typescript: { ignoreBuildErrors: true },
};

export default config;
