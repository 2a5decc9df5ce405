export const settingOperations = {};
