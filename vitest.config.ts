import { defineConfig } from "vitest/config";

const unit = ["tests/core/**/*.test.ts", "tests/contract/**/*.test.ts", "tests/architecture.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { AMBIT_LOG_LEVEL: "silent" },
    projects: [
      { extends: true, test: { name: "unit", include: unit } },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: unit,
          globalSetup: ["tests/support/global-setup.ts"],
        },
      },
    ],
  },
});
