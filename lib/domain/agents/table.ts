export const agentOperations = {};
