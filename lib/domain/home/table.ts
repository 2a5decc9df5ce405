export const homeOperations = {};
