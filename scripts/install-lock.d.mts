export function installLockFile(root: string): string;
