export const changeOperations = {};
