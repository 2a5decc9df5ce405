export const connectorOperations = {};
