export function showProgress(what: string, stream?: NodeJS.WriteStream): { done(result: string): void };
