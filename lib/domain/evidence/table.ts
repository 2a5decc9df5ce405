export const evidenceOperations = {};
