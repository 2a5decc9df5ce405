export const evidence = {
  title: "Evidence",
} as const;
