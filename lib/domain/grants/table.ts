export const grantOperations = {};
