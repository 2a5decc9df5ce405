export const requestOperations = {};
