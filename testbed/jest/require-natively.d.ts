/** Node's own `require`, outside of the sandbox of a test file: what it loads is shared by the test files of a process. */
declare const requireNatively: NodeJS.Require;
