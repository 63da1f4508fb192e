/**
 * A transformer for the entry files of packages: in a test file's sandbox they are loaded by Node itself, outside of it.
 * Jest also transforms what `globalSetup` imports, which runs in no sandbox.
 */
exports.process = (source, path) => ({
  code: `'use strict'; if (typeof requireNatively === 'function') { module.exports = requireNatively(${JSON.stringify(path)}); return; } ${source}`,
});
