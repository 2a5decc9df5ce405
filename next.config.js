/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // `npm run check` compiles everything; a start on a fresh machine need not do it again.
  typescript: { ignoreBuildErrors: true },
};

export default config;
