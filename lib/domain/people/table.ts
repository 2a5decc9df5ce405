export const peopleOperations = {};
