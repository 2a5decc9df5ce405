export const probeOperations = {};
